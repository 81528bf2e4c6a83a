package dev.stanstudio.sd3.bench;

import dev.stanstudio.sd3.mmdit.Adapters;
import dev.stanstudio.sd3.mmdit.Mmdit;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import dev.stanstudio.sd3.mmdit.MmditKeys;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Times one network with several sets of adapters in turn: each round makes one step of every
 * variant, so that what else the machine does meets all of them alike. For one thread.
 */
public final class PairedBench implements AutoCloseable {
    /**
     * Times of a variant, in the order of the rounds.
     *
     * @param stepMillis of each round after the warm-up
     * @param cpuMillis the processor time of the whole process in each of those rounds, which other
     *     programs disturb less
     * @param peakMegabytes the most that was resident during its steps, −1 where unknown
     */
    public record Times(List<Double> stepMillis, List<Double> cpuMillis, long peakMegabytes) {
        /** Keeps copies of the times. */
        public Times {
            stepMillis = List.copyOf(stepMillis);
            cpuMillis = List.copyOf(cpuMillis);
        }
    }

    private final RandomNumbers numbers = new RandomNumbers();
    private final BenchSettings settings;
    private final Mmdit mmdit;
    private final Map<String, DenoisingBench> variants = new LinkedHashMap<>();

    /** A network of {@code config} with random weights. */
    public PairedBench(MmditConfig config, BenchSettings settings) {
        this.settings = settings;
        RandomWeights weights =
                new RandomWeights(numbers, MmditKeys.shapes(config), settings.placement().dtype());
        mmdit = Mmdit.load(config, weights, settings.placement(), false);
    }

    /** Adds a variant; {@code adapters} must stay open until this is closed. */
    public void add(String name, @Nullable Adapters adapters) {
        variants.put(name, new DenoisingBench(mmdit, numbers, settings, adapters));
    }

    /** Runs the warm-up and the rounds; times by variant, in the order they were added. */
    public Map<String, Times> run() {
        Map<String, List<StepTimes>> steps = new LinkedHashMap<>();
        Map<String, Long> peaks = new LinkedHashMap<>();
        for (int round = -settings.warmUp(); round < settings.steps(); round++) {
            for (Map.Entry<String, DenoisingBench> variant : variants.entrySet()) {
                PeakMemory.reset();
                StepTimes step = variant.getValue().step();
                if (round >= 0) {
                    steps.computeIfAbsent(variant.getKey(), n -> new ArrayList<>()).add(step);
                    peaks.merge(variant.getKey(), PeakMemory.megabytes().orElse(-1), Math::max);
                }
            }
        }
        Map<String, Times> times = new LinkedHashMap<>();
        steps.forEach(
                (name, own) ->
                        times.put(
                                name,
                                new Times(
                                        own.stream().map(StepTimes::step).toList(),
                                        own.stream().map(StepTimes::cpu).toList(),
                                        peaks.getOrDefault(name, -1L))));
        return times;
    }

    @Override
    public void close() {
        variants.values().forEach(DenoisingBench::close);
        mmdit.close();
        numbers.close();
    }
}
