package dev.stanstudio.adapter.training;

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
     * @param peakMb resident memory during its steps, with every other variant's adapters loaded;
     *     −1 where unknown
     */
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
            long peakMb) {}

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
            bench.add(NONE, null);
            if (!adapters.isEmpty()) {
                RandomAdapter first = adapters.values().iterator().next();
                add(bench, active, WEIGHT_ZERO, first, 0, config, settings);
            }
            adapters.forEach(
                    (name, adapter) -> add(bench, active, name, adapter, 1, config, settings));
            Map<String, Rounds.Times> times = bench.run();
            return rows(times, NONE, adapters, modules.size(), steps);
        } finally {
            active.forEach(LoadedAdapters::close);
        }
    }

    /**
     * Times a step of training {@code kinds} on one picture.
     *
     * @param kinds by the variant's name; ratios are against the first
     * @param selection which modules they change
     * @param checkpointing whether blocks are computed once more on the way back
     */
    public static List<Row> measureTraining(
            MmditConfig config,
            BenchSettings settings,
            Map<String, AdapterKind> kinds,
            TargetSelection selection,
            boolean checkpointing) {
        Map<String, long[]> modules = selection.select(config);
        Map<String, RandomAdapter> adapters = new LinkedHashMap<>();
        kinds.forEach((name, kind) -> adapters.put(name, new RandomAdapter(kind, modules)));
        try (TrainingBench bench = new TrainingBench(config, settings, checkpointing)) {
            kinds.forEach((name, kind) -> bench.add(name, kind, selection));
            return rows(bench.run(), kinds.keySet().iterator().next(), adapters, modules.size(), 1);
        }
    }

    private static List<Row> rows(
            Map<String, Rounds.Times> times,
            String against,
            Map<String, RandomAdapter> adapters,
            int modules,
            int steps) {
        Rounds.Times base = times.get(against);
        if (base == null) {
            throw new IllegalStateException(against + " was not timed");
        }
        List<Row> rows = new ArrayList<>();
        times.forEach(
                (name, own) -> rows.add(row(name, adapters.get(name), modules, own, base, steps)));
        return List.copyOf(rows);
    }

    private static void add(
            PairedBench bench,
            List<LoadedAdapters> active,
            String name,
            RandomAdapter adapter,
            double weight,
            MmditConfig config,
            BenchSettings settings) {
        LoadedAdapters loaded =
                LoadedAdapters.load(
                        List.of(
                                new LoadedAdapters.Weighted(
                                        adapter, weight, List.copyOf(adapter.modules().keySet()))),
                        config.numLayers(),
                        settings.placement());
        active.add(loaded);
        bench.add(name, loaded.adapters());
    }

    private static Row row(
            String name,
            @Nullable RandomAdapter adapter,
            int modules,
            Rounds.Times times,
            Rounds.Times base,
            int steps) {
        List<Double> millis = times.stepMillis();
        List<Double> ratios = ratios(millis, base.stepMillis());
        long parameters = adapter == null ? 0 : adapter.parameters();
        double step = median(millis);
        return new Row(
                name,
                parameters,
                parameters / modules,
                step,
                Collections.min(millis),
                Collections.max(millis),
                median(ratios),
                Collections.min(ratios),
                Collections.max(ratios),
                median(ratios(times.cpuMillis(), base.cpuMillis())),
                MILLIS / (step * steps),
                times.peakMegabytes());
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
