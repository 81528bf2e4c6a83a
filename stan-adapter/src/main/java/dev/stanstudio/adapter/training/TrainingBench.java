package dev.stanstudio.adapter.training;

import dev.stanstudio.adapter.kind.AdapterKind;
import dev.stanstudio.adapter.kind.TargetSelection;
import dev.stanstudio.base.Closing;
import dev.stanstudio.engine.Autograd;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.PeakMemory;
import dev.stanstudio.engine.RandomSource;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.sd3.bench.BenchSettings;
import dev.stanstudio.sd3.bench.RandomTransformer;
import dev.stanstudio.sd3.bench.Rounds;
import dev.stanstudio.sd3.mmdit.Mmdit;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import dev.stanstudio.training.AdamW;
import dev.stanstudio.training.FrozenWeights;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * Times steps of training adapters in fp32 on one frozen network of random weights: forward,
 * backward, clipping and AdamW over one random picture, without what reads data. For one thread.
 */
public final class TrainingBench implements AutoCloseable {
    private static final long SEED = 1;
    private static final long MANY_STEPS = 1_000_000;
    private static final double RATE = 1e-4;
    private static final double SIGMA = 0.5;
    private static final String ALONE = "alone";

    private final Scope scope = Scope.open("training bench");
    private final MmditConfig config;
    private final BenchSettings settings;
    private final boolean checkpointing;
    private final RandomTransformer random;
    private final Mmdit transformer;
    private final TrainingBatch batch;
    private final Map<String, AdapterParameters> adapters = new LinkedHashMap<>();
    private final Map<String, AdapterStep> trainers = new LinkedHashMap<>();

    /**
     * A network of {@code config} and a picture for it.
     *
     * @param checkpointing whether blocks are computed once more on the way back
     */
    public TrainingBench(MmditConfig config, BenchSettings settings, boolean checkpointing) {
        this.config = config;
        this.settings = settings;
        this.checkpointing = checkpointing;
        random = new RandomTransformer(config, settings.placement().dtype());
        try (Autograd recording = Autograd.record()) {
            transformer =
                    Mmdit.trainable(
                            config, new FrozenWeights(random.weights()), settings.placement());
        }
        batch = batch();
    }

    private TrainingBatch batch() {
        RandomSource numbers = RandomSource.seeded(scope, SEED);
        int side = settings.latentSide(config);
        long[] latents = {1, config.inChannels(), side, side};
        long[] tokens = {1, settings.textTokens(), config.jointAttentionDim()};
        long[] pooled = {1, config.pooledProjectionDim()};
        return new TrainingBatch(
                numbers.normal(scope, latents, DType.FP32),
                numbers.normal(scope, tokens, DType.FP32),
                numbers.normal(scope, pooled, DType.FP32),
                settings.lastRepeats(),
                numbers.normal(scope, latents, DType.FP32),
                List.of(SIGMA));
    }

    /** Adds an adapter to train. */
    public void add(String name, AdapterKind kind, TargetSelection selection) {
        AdapterParameters adapter =
                AdapterParameters.fresh(
                        kind,
                        selection.select(config),
                        config.numLayers(),
                        settings.placement().device(),
                        SEED);
        adapters.put(name, adapter);
        trainers.put(
                name,
                new AdapterStep(
                        transformer,
                        adapter,
                        new AdapterStep.Settings(
                                FlowObjective.DEFAULT,
                                AdamW.Settings.DEFAULTS,
                                MANY_STEPS,
                                MANY_STEPS,
                                1,
                                checkpointing)));
    }

    /**
     * Returns the most megabytes in use during two steps of a new adapter, which is the only one if
     * none was added yet; the second has the optimizer's state. Empty where it is unknown.
     */
    OptionalLong peak(AdapterKind kind, TargetSelection selection) {
        OptionalLong most =
                PeakMemory.during(
                        settings.placement().device(),
                        () -> {
                            add(ALONE, kind, selection);
                            step(ALONE);
                            step(ALONE);
                        });
        Closing.all(trainers.remove(ALONE), adapters.remove(ALONE));
        return most;
    }

    /** One step of the adapter called {@code name}. */
    public Rounds.Step step(String name) {
        AdapterStep trainer = trainers.get(name);
        if (trainer == null) {
            throw new IllegalArgumentException("no adapter is called " + name);
        }
        // The norm of the gradients is read back, so that a step ends when it is computed.
        return Rounds.time(() -> trainer.step(batch, RATE));
    }

    /** Runs the warm-up and the rounds; times by name, in the order they were added. */
    public Map<String, Rounds.Times> run() {
        Map<String, Supplier<Rounds.Step>> steps = new LinkedHashMap<>();
        trainers.keySet().forEach(name -> steps.put(name, () -> step(name)));
        return Rounds.run(settings.warmUp(), settings.steps(), steps);
    }

    @Override
    public void close() {
        trainers.values().forEach(AdapterStep::close);
        adapters.values().forEach(AdapterParameters::close);
        transformer.close();
        random.close();
        scope.close();
    }
}
