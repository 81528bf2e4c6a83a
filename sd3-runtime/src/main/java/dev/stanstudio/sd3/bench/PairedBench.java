package dev.stanstudio.sd3.bench;

import dev.stanstudio.base.Closing;
import dev.stanstudio.engine.PeakMemory;
import dev.stanstudio.sd3.mmdit.Adapters;
import dev.stanstudio.sd3.mmdit.Mmdit;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import dev.stanstudio.sd3.mmdit.MmditKeys;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Times one network with several sets of adapters in turn: each round makes one step of every
 * variant, so that other load of the machine affects all of them equally. For one thread.
 */
public final class PairedBench implements AutoCloseable {
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

    /**
     * Returns the most megabytes in use during a step with {@code adapters}, which are the only
     * ones loaded if none was added yet; empty where it is unknown.
     */
    public OptionalLong peak(@Nullable Adapters adapters) {
        return PeakMemory.during(
                settings.placement().device(),
                () -> {
                    try (DenoisingBench alone =
                            new DenoisingBench(mmdit, numbers, settings, adapters)) {
                        alone.step();
                    }
                });
    }

    /** Runs the warm-up and the rounds; times by variant, in the order they were added. */
    public Map<String, Rounds.Times> run() {
        Map<String, Supplier<Rounds.Step>> steps = new LinkedHashMap<>();
        variants.forEach((name, bench) -> steps.put(name, () -> step(bench)));
        return Rounds.run(settings.warmUp(), settings.steps(), steps);
    }

    private static Rounds.Step step(DenoisingBench bench) {
        StepTimes times = bench.step();
        return new Rounds.Step(times.step(), times.cpu());
    }

    @Override
    public void close() {
        List<AutoCloseable> parts = new ArrayList<>(variants.values());
        parts.add(mmdit);
        parts.add(numbers);
        Closing.all(parts);
    }
}
