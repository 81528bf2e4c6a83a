package dev.stanstudio.adapter.training;

import dev.stanstudio.adapter.file.Samples;
import dev.stanstudio.adapter.kind.AdapterKind;
import dev.stanstudio.adapter.kind.TargetSelection;
import dev.stanstudio.engine.Autograd;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.RandomSource;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.safetensors.StoredType;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.mmdit.Mmdit;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.training.AdamW;
import dev.stanstudio.training.FrozenWeights;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A training on a model of width 8 with random weights and batches. */
final class TinyTraining implements AutoCloseable {
    static final FlowObjective VELOCITY = new FlowObjective(false, FlowObjective.Weighting.NONE);

    final ModelSource source;
    final Mmdit transformer;
    final AdapterParameters adapter;
    final AdapterStep trainer;

    TinyTraining(Path folder, AdapterKind kind, DType dtype, long epoch, int shards) {
        Path model = folder.resolve("model");
        if (!Files.exists(model)) {
            Samples.model(model, StoredType.F32);
        }
        source = ModelSource.open(model, null, null);
        try (Autograd recording = Autograd.record()) {
            transformer =
                    Mmdit.trainable(
                            source.transformerConfig(),
                            new FrozenWeights(source.transformer()),
                            new Placement(Device.CPU, dtype));
        }
        adapter =
                AdapterParameters.fresh(
                        kind,
                        TargetSelection.DEFAULT.select(source.transformerConfig()),
                        source.transformerConfig().numLayers(),
                        Device.CPU,
                        3,
                        source.transformer());
        trainer = new AdapterStep(transformer, adapter, settings(100, epoch, shards));
    }

    static AdapterStep.Settings settings(long steps, long epoch, int shards) {
        return new AdapterStep.Settings(
                VELOCITY, AdamW.Settings.DEFAULTS, steps, epoch, shards, false);
    }

    AdapterStep.StepReport step(long number, double rate) {
        try (Scope scope = Scope.open("batch")) {
            return trainer.step(batch(scope, number), rate);
        }
    }

    TrainingBatch batch(Scope scope, long number) {
        RandomSource random = RandomSource.seeded(scope, number);
        Tensor latents = random.normal(scope, new long[] {2, 16, 4, 4}, DType.FP32);
        Tensor embeds = random.normal(scope, new long[] {2, 5, 12}, DType.FP32);
        Tensor pooled = random.normal(scope, new long[] {2, 10}, DType.FP32);
        Tensor noise = random.normal(scope, new long[] {2, 16, 4, 4}, DType.FP32);
        return new TrainingBatch(latents, embeds, pooled, 1, noise, List.of(0.25, 0.75));
    }

    float[] values(String name) {
        return adapter.parameters().byName().get(name).toFloats();
    }

    @Override
    public void close() {
        trainer.close();
        adapter.close();
        transformer.close();
        source.close();
    }
}
