package dev.stanstudio.adapter.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.adapter.kind.AdaLora;
import dev.stanstudio.adapter.kind.AdapterKind;
import dev.stanstudio.adapter.kind.BlockSet;
import dev.stanstudio.adapter.kind.Lora;
import dev.stanstudio.adapter.kind.Stan;
import dev.stanstudio.adapter.kind.TargetSelection;
import dev.stanstudio.adapter.project.Selection;
import dev.stanstudio.engine.Autograd;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.mmdit.Mmdit;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.testing.Goldens;
import dev.stanstudio.training.AdamW;
import dev.stanstudio.training.FrozenWeights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole trainings, step by step, against PEFT's LoRA and AdaLoRA and the reference's STAN. */
class CurvesGoldensTest {
    private static final Placement FP32 = new Placement(Device.CPU, DType.FP32);

    private static AdapterKind kind(String name) {
        return switch (name) {
            case "lora", "lora-preconditioned" -> Lora.of(4, 4);
            case "stan" -> Stan.of(32, 6);
            default -> Stan.of(32, 6).withSelection(Selection.MAGNITUDE);
        };
    }

    /** A training on the reference's batches; close it. */
    private static final class Run implements AutoCloseable {
        private final Goldens.File weights;
        private final List<Goldens.File> batches = new ArrayList<>();
        private final ModelSource source = ModelSource.open(Goldens.path("tiny-sd3"), null, null);
        private final Mmdit transformer;
        private final AdapterParameters adapter;
        private final AdapterStep trainer;

        Run(
                String name,
                AdapterKind kind,
                FlowObjective objective,
                AdamW.Settings adam,
                int steps) {
            this(name, kind, objective, adam, steps, FP32);
        }

        Run(
                String name,
                AdapterKind kind,
                FlowObjective objective,
                AdamW.Settings adam,
                int steps,
                Placement placement) {
            weights = new Goldens.File("train/" + name + ".safetensors");
            batches.add(new Goldens.File("train/batches.safetensors"));
            batches.add(new Goldens.File("train/batches-50-to-59.safetensors"));
            try (Autograd recording = Autograd.record()) {
                transformer =
                        Mmdit.trainable(
                                source.transformerConfig(),
                                new FrozenWeights(source.transformer()),
                                placement);
            }
            Map<String, Tensor> start = new LinkedHashMap<>();
            for (String key : weights.names()) {
                if (key.startsWith("start.")) {
                    start.put(key.substring("start.".length()), weights.tensor(key));
                }
            }
            adapter =
                    AdapterParameters.of(
                            kind,
                            new TargetSelection(TargetSelection.ATTENTION, BlockSet.ALL)
                                    .select(source.transformerConfig()),
                            source.transformerConfig().numLayers(),
                            Device.CPU,
                            start);
            assertEquals(start.keySet(), adapter.parameters().names());
            trainer =
                    new AdapterStep(
                            transformer,
                            adapter,
                            new AdapterStep.Settings(objective, adam, steps, steps, 1, false));
        }

        AdapterStep.StepReport step(int s, double rate) {
            Goldens.File fixed = batches.get(0);
            Goldens.File own = batches.get(s < 50 ? 0 : 1);
            String batch = "batch." + s % 10 + ".";
            float[] sigma = own.tensor("step." + s + ".sigma").toFloats();
            return trainer.step(
                    new TrainingBatch(
                            fixed.tensor(batch + "latents"),
                            fixed.tensor(batch + "prompt_embeds"),
                            fixed.tensor(batch + "pooled"),
                            1,
                            own.tensor("step." + s + ".noise"),
                            List.of((double) sigma[0], (double) sigma[1])),
                    rate);
        }

        double worstWeight() {
            double worst = 0;
            for (Map.Entry<String, Tensor> entry : adapter.parameters().byName().entrySet()) {
                Tensor end = weights.tensor("end." + entry.getKey());
                worst = Math.max(worst, Goldens.difference(entry.getValue(), end));
            }
            return worst;
        }

        @Override
        public void close() {
            trainer.close();
            adapter.close();
            transformer.close();
            source.close();
            weights.close();
            batches.forEach(Goldens.File::close);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lora", "lora-preconditioned", "stan", "stan-magnitude"})
    void everyStepOfTheCurve(String name) {
        JsonNode row = Goldens.json("train/curves.json").get(name);
        AdamW.Settings adam =
                new AdamW.Settings(0.9, 0.999, 1e-8, row.get("weight_decay").asDouble(), 1.0);
        FlowObjective objective =
                new FlowObjective(
                        row.get("precondition_outputs").asBoolean(), FlowObjective.Weighting.NONE);
        try (Run run = new Run(name, kind(name), objective, adam, 50)) {
            double worst = 0;
            double worstNorm = 0;
            for (int s = 0; s < 50; s++) {
                AdapterStep.StepReport report = run.step(s, row.get("lr").asDouble());
                double error = Math.abs(report.loss() - row.get("losses").get(s).asDouble());
                double tolerance = row.get("loss_tolerance_by_step").get(s).asDouble();
                assertTrue(
                        error <= tolerance,
                        name + " step " + s + " differs by " + error + " > " + tolerance);
                double norm = row.get("grad_norms").get(s).asDouble();
                worstNorm = Math.max(worstNorm, Math.abs(report.gradientNorm() - norm) / norm);
                worst = Math.max(worst, error / tolerance);
            }
            double weights = run.worstWeight();
            double tolerance = row.get("weights_tolerance").asDouble();
            System.out.printf(
                    Locale.ROOT,
                    "%-20s worst loss error %.2f tolerances, norms %.1e, weights %.1e (tolerance"
                            + " %.1e)%n",
                    name,
                    worst,
                    worstNorm,
                    weights,
                    tolerance);
            assertTrue(weights <= tolerance, name + " weights differ by " + weights);
        }
    }

    /**
     * A base in bf16 below an adapter in fp32 follows the fp32 reference within 0.2 % of each loss.
     */
    @ParameterizedTest
    @ValueSource(strings = {"lora", "stan"})
    void aBaseInHalfPrecisionFollowsTheCurve(String name) {
        JsonNode row = Goldens.json("train/curves.json").get(name);
        AdamW.Settings adam =
                new AdamW.Settings(0.9, 0.999, 1e-8, row.get("weight_decay").asDouble(), 1.0);
        FlowObjective objective =
                new FlowObjective(
                        row.get("precondition_outputs").asBoolean(), FlowObjective.Weighting.NONE);
        Placement bf16 = new Placement(Device.CPU, DType.BF16);
        try (Run run = new Run(name, kind(name), objective, adam, 50, bf16)) {
            double worst = 0;
            for (int s = 0; s < 50; s++) {
                double loss = row.get("losses").get(s).asDouble();
                double own = run.step(s, row.get("lr").asDouble()).loss();
                worst = Math.max(worst, Math.abs(own - loss) / loss);
            }
            System.out.printf(Locale.ROOT, "%s on bf16: worst loss error %.2e%n", name, worst);
            assertTrue(worst <= 0.002, name + " losses differ by " + worst);
        }
    }

    @Test
    void adaLoraKeepsPeftsBudget() {
        JsonNode row = Goldens.json("train/adalora.json");
        AdaLora kind = new AdaLora(6, 3, 12, new AdaLora.Schedule(10, 20, 5), 0.85, 0.85, 0.5);
        FlowObjective objective = new FlowObjective(false, FlowObjective.Weighting.NONE);
        AdamW.Settings adam = new AdamW.Settings(0.9, 0.999, 1e-8, 1e-2, 1.0);
        try (Run run = new Run("adalora", kind, objective, adam, 60)) {
            double worst = 0;
            for (int s = 0; s < 60; s++) {
                AdapterStep.StepReport report = run.step(s, 4e-3);
                double loss = row.get("losses_without_regulariser").get(s).asDouble();
                double norm = row.get("grad_norms").get(s).asDouble();
                double error = Math.abs(report.loss() - loss);
                worst = Math.max(worst, error);
                assertEquals(
                        row.get("nonzero_singular_values").get(s).asDouble(),
                        run.trainer.numbers().get("ranks"),
                        "ranks after step " + s + ", loss error " + error);
                assertEquals(norm, report.gradientNorm(), 1e-3 * norm, "norm of step " + s);
            }
            double weights = run.worstWeight();
            System.out.printf(
                    Locale.ROOT, "adalora: worst loss error %.1e, weights %.1e%n", worst, weights);
            assertTrue(worst <= 2e-5, "losses differ by " + worst);
            assertTrue(weights <= 1e-3, "weights differ by " + weights);
        }
    }
}
