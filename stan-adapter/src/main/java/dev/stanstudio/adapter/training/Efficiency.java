package dev.stanstudio.adapter.training;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.stanstudio.adapter.kind.AdapterKind;
import dev.stanstudio.adapter.kind.TargetSelection;
import dev.stanstudio.adapter.project.LoadedAdapters;
import dev.stanstudio.sd3.bench.BenchSettings;
import dev.stanstudio.sd3.bench.PairedBench;
import dev.stanstudio.sd3.bench.Rounds;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Measures the costs of adapters, after tables 10 and 11 of the STAN paper: a denoising step with
 * classifier-free guidance, or a step of training, one variant after the other in every round.
 */
public final class Efficiency {
    /** The variant without any adapter. */
    public static final String NONE = "none";

    /** The variant with a STAN of weight 0. */
    public static final String WEIGHT_ZERO = "weight-0";

    private static final double MILLIS = 1000;
    private static final double SECONDS_PER_HOUR = 3600;
    private static final long UNKNOWN = -1;

    /**
     * Measurements of a variant; times are milliseconds.
     *
     * @param parameters trained numbers in all
     * @param parametersPerModule on average
     * @param stepMs median
     * @param ratio median over the rounds of its step against the step beside it of what it is
     *     compared with: {@link #NONE}, in training the first kind
     * @param cpuRatio the same by processor time, which other programs on the machine disturb less
     * @param imagesPerSecond of the transformer alone, at the number of steps a picture takes; in
     *     training the pictures learnt from
     * @param tokensPerSecond tokens of picture and text that pass the network in a second; those of
     *     a denoising step count twice, with and without the prompt
     * @param hours that a training takes: of the card on CUDA, else of all processors together;
     *     null where no training is timed
     * @param latencyMs of a picture from its prompt to its pixels; null where none was made
     * @param peakMb memory of a step with no other variant's adapters loaded: of this process, on
     *     CUDA of the card; −1 where unknown
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record Row(
            String variant,
            long parameters,
            long parametersPerModule,
            double stepMs,
            double stepMsMin,
            double stepMsMax,
            double ratio,
            double ratioMin,
            double ratioMax,
            double cpuRatio,
            double imagesPerSecond,
            double tokensPerSecond,
            @Nullable Double hours,
            @Nullable Double latencyMs,
            long peakMb) {
        /** Returns the row with the time of a whole picture. */
        Row withLatency(@Nullable Double millis) {
            return new Row(
                    variant,
                    parameters,
                    parametersPerModule,
                    stepMs,
                    stepMsMin,
                    stepMsMax,
                    ratio,
                    ratioMin,
                    ratioMax,
                    cpuRatio,
                    imagesPerSecond,
                    tokensPerSecond,
                    hours,
                    millis,
                    peakMb);
        }
    }

    /**
     * Factors by which the costs of a step are told.
     *
     * @param modules that are changed
     * @param pictureSteps steps of a picture
     * @param tokens that pass the network in a step
     * @param trainingSteps steps of a training; 0 where none is timed
     * @param cuda whether a card computes
     */
    private record Factors(
            int modules, int pictureSteps, long tokens, long trainingSteps, boolean cuda) {}

    private Efficiency() {}

    /**
     * Times {@code kinds} on a network of random weights.
     *
     * @param kinds by the variant's name
     * @param selection which modules they change
     * @param steps of a picture
     */
    public static List<Row> measure(
            MmditConfig config,
            BenchSettings settings,
            Map<String, AdapterKind> kinds,
            TargetSelection selection,
            int steps) {
        Map<String, long[]> modules = selection.select(config);
        Map<String, RandomAdapter> adapters = new LinkedHashMap<>();
        kinds.forEach((name, kind) -> adapters.put(name, new RandomAdapter(kind, modules)));
        List<LoadedAdapters> active = new ArrayList<>();
        try (PairedBench bench = new PairedBench(config, settings)) {
            Map<String, Long> peaks = peaks(bench, adapters, config, settings);
            bench.add(NONE, null);
            if (!adapters.isEmpty()) {
                RandomAdapter first = adapters.values().iterator().next();
                active.add(load(first, 0, config, settings));
                bench.add(WEIGHT_ZERO, active.get(0).adapters());
            }
            adapters.forEach(
                    (name, adapter) -> {
                        LoadedAdapters loaded = load(adapter, 1, config, settings);
                        active.add(loaded);
                        bench.add(name, loaded.adapters());
                    });
            // With guidance two rows pass the network.
            long tokens = 2L * settings.tokens(config);
            Factors factors = factors(settings, modules.size(), steps, tokens, 0);
            return rows(bench.run(), NONE, adapters, peaks, factors);
        } finally {
            active.forEach(LoadedAdapters::close);
        }
    }

    /** Memory of a step of each variant, one loaded at a time. */
    private static Map<String, Long> peaks(
            PairedBench bench,
            Map<String, RandomAdapter> adapters,
            MmditConfig config,
            BenchSettings settings) {
        Map<String, Long> peaks = new LinkedHashMap<>();
        peaks.put(NONE, bench.peak(null).orElse(UNKNOWN));
        adapters.forEach(
                (name, adapter) -> {
                    try (LoadedAdapters loaded = load(adapter, 1, config, settings)) {
                        peaks.put(name, bench.peak(loaded.adapters()).orElse(UNKNOWN));
                    }
                });
        return peaks;
    }

    /**
     * Times a step of training {@code kinds} on one picture.
     *
     * @param kinds by the variant's name; ratios are against the first
     * @param selection which modules they change
     * @param checkpointing whether blocks are computed once more on the way back
     * @param steps of a whole training
     */
    public static List<Row> measureTraining(
            MmditConfig config,
            BenchSettings settings,
            Map<String, AdapterKind> kinds,
            TargetSelection selection,
            boolean checkpointing,
            long steps) {
        Map<String, long[]> modules = selection.select(config);
        Map<String, RandomAdapter> adapters = new LinkedHashMap<>();
        kinds.forEach((name, kind) -> adapters.put(name, new RandomAdapter(kind, modules)));
        try (TrainingBench bench = new TrainingBench(config, settings, checkpointing)) {
            Map<String, Long> peaks = new LinkedHashMap<>();
            kinds.forEach(
                    (name, kind) -> peaks.put(name, bench.peak(kind, selection).orElse(UNKNOWN)));
            kinds.forEach((name, kind) -> bench.add(name, kind, selection));
            String first = kinds.keySet().iterator().next();
            Factors factors = factors(settings, modules.size(), 1, settings.tokens(config), steps);
            return rows(bench.run(), first, adapters, peaks, factors);
        }
    }

    private static Factors factors(
            BenchSettings settings, int modules, int pictureSteps, long tokens, long training) {
        boolean cuda = settings.placement().device().isCuda();
        return new Factors(modules, pictureSteps, tokens, training, cuda);
    }

    private static List<Row> rows(
            Map<String, Rounds.Times> times,
            String against,
            Map<String, RandomAdapter> adapters,
            Map<String, Long> peaks,
            Factors factors) {
        Rounds.Times base = times.get(against);
        if (base == null) {
            throw new IllegalStateException(against + " was not timed");
        }
        List<Row> rows = new ArrayList<>();
        times.forEach(
                (name, own) -> {
                    RandomAdapter adapter = adapters.get(name);
                    long parameters = adapter == null ? 0 : adapter.parameters();
                    long peak = peaks.getOrDefault(name, UNKNOWN);
                    rows.add(row(name, parameters, own, base, peak, factors));
                });
        return List.copyOf(rows);
    }

    static LoadedAdapters load(
            RandomAdapter adapter, double weight, MmditConfig config, BenchSettings settings) {
        return LoadedAdapters.load(
                List.of(
                        new LoadedAdapters.Weighted(
                                adapter, weight, List.copyOf(adapter.modules().keySet()))),
                config.numLayers(),
                settings.placement());
    }

    private static Row row(
            String name,
            long parameters,
            Rounds.Times times,
            Rounds.Times base,
            long peak,
            Factors factors) {
        List<Double> millis = times.stepMillis();
        List<Double> ratios = ratios(millis, base.stepMillis());
        double step = median(millis);
        return new Row(
                name,
                parameters,
                parameters / factors.modules(),
                step,
                Collections.min(millis),
                Collections.max(millis),
                median(ratios),
                Collections.min(ratios),
                Collections.max(ratios),
                median(ratios(times.cpuMillis(), base.cpuMillis())),
                MILLIS / (step * factors.pictureSteps()),
                factors.tokens() * MILLIS / step,
                factors.trainingSteps() == 0 ? null : hours(times, factors),
                null,
                peak);
    }

    private static double hours(Rounds.Times times, Factors factors) {
        double each = median(factors.cuda() ? times.stepMillis() : times.cpuMillis());
        return factors.trainingSteps() * each / MILLIS / SECONDS_PER_HOUR;
    }

    private static List<Double> ratios(List<Double> own, List<Double> base) {
        return IntStream.range(0, own.size()).mapToObj(i -> own.get(i) / base.get(i)).toList();
    }

    static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(v -> v).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
