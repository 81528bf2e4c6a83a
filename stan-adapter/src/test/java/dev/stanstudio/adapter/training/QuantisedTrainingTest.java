package dev.stanstudio.adapter.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.adapter.file.Samples;
import dev.stanstudio.adapter.kind.AdapterKind;
import dev.stanstudio.adapter.kind.Lora;
import dev.stanstudio.adapter.kind.Stan;
import dev.stanstudio.adapter.kind.TargetSelection;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.engine.Autograd;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.RandomSource;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.TensorList;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.safetensors.StoredType;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.checkpoint.QuantisedWeights;
import dev.stanstudio.sd3.checkpoint.Quantization;
import dev.stanstudio.sd3.checkpoint.Weights;
import dev.stanstudio.sd3.mmdit.Checkpointing;
import dev.stanstudio.sd3.mmdit.Mmdit;
import dev.stanstudio.sd3.mmdit.Perturbation;
import dev.stanstudio.sd3.model.LoadOptions;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.model.Offload;
import dev.stanstudio.training.FrozenWeights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Trainings whose frozen base stays in eight bits, or is read at each use. */
class QuantisedTrainingTest {
    /** Of random adapters: as large as trained ones, so that the network stays one. */
    private static final float SCALE = 0.05f;

    private static final double[] LEVELS = {0.25, 0.75};
    private static final Path NANO = Path.of("..", "sd3-runtime", "models", "sd3-nano");

    @TempDir private Path folder;

    /** The matrices of {@code base} quantised and multiplied out again, once and for all. */
    private record Dequantised(Weights base, Quantization form) implements Weights {
        @Override
        public Set<String> names() {
            return base.names();
        }

        @Override
        public long[] shape(String name) {
            return base.shape(name);
        }

        @Override
        public DType dtype(String name) {
            return QuantisedWeights.takes(base, name) ? DType.FP32 : base.dtype(name);
        }

        @Override
        public Tensor open(Scope scope, String name) {
            Tensor stored = base.open(scope, name);
            if (!QuantisedWeights.takes(base, name)) {
                return stored;
            }
            List<Tensor> small = QuantisedWeights.quantise(scope, stored, form);
            float[] numbers = Tensors.to(scope, small.get(0), Device.CPU, DType.FP32).toFloats();
            float[] scale = small.get(1).toFloats();
            int columns = numbers.length / scale.length;
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] *= scale[i / columns];
            }
            return Tensors.of(scope, numbers, stored.shape());
        }

        @Override
        public String origin() {
            return base.origin();
        }
    }

    static Stream<Arguments> formsAndKinds() {
        return Stream.of(Quantization.INT8, Quantization.FP8)
                .flatMap(
                        form ->
                                Stream.<AdapterKind>of(Lora.of(2, 2), Stan.of(12, 3))
                                        .map(kind -> Arguments.of(form, kind)));
    }

    private ModelSource tiny() {
        Path model = folder.resolve("model");
        if (!model.toFile().exists()) {
            Samples.model(model, StoredType.F32);
        }
        return ModelSource.open(model, null, null);
    }

    private static LoadOptions load(Quantization form, Offload offload) {
        return new LoadOptions(Device.CPU, DType.FP32, offload, false, form);
    }

    /** The adapter's gradients on a batch of two, all numbers of all parameters in a row. */
    private static float[] gradients(
            ModelSource source, Mmdit network, AdapterKind kind, boolean checkpointing) {
        try (Scope scope = Scope.open("gradients");
                AdapterParameters adapter = adapter(source, kind);
                Autograd recording = Autograd.record()) {
            Checkpointing.StepInputs inputs = inputs(scope, source, adapter);
            RandomSource random = RandomSource.seeded(scope, 5);
            Tensor clean = random.normal(scope, inputs.latents().shape(), DType.FP32);
            Tensor noise = random.normal(scope, inputs.latents().shape(), DType.FP32);
            Function<Tensor, Tensor> loss =
                    velocity ->
                            TinyTraining.VELOCITY.loss(
                                    scope,
                                    new Objective.Answer(
                                            velocity, null, inputs.latents(), clean, noise),
                                    LEVELS);
            TensorList parameters = adapter.parameters().list();
            List<Tensor> found =
                    checkpointing
                            ? Checkpointing.gradients(scope, network, inputs, parameters, loss)
                            : Tensors.gradients(
                                    scope, loss.apply(forward(scope, network, inputs)), parameters);
            return joined(found);
        }
    }

    private static float[] joined(List<Tensor> tensors) {
        List<float[]> parts = tensors.stream().map(Tensor::toFloats).toList();
        float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    private static AdapterParameters adapter(ModelSource source, AdapterKind kind) {
        AdapterParameters fresh =
                AdapterParameters.fresh(
                        kind,
                        TargetSelection.DEFAULT.select(source.transformerConfig()),
                        source.transformerConfig().numLayers(),
                        Device.CPU,
                        3);
        try (Scope scope = Scope.open("values")) {
            Map<String, Tensor> values = new LinkedHashMap<>();
            List<String> names = new ArrayList<>(fresh.parameters().names());
            for (int i = 0; i < names.size(); i++) {
                Tensor like = fresh.parameters().byName().get(names.get(i));
                // Fresh decoders are zeros, which would hide every gradient behind them.
                float[] drawn =
                        RandomSource.seeded(scope, 100L + i)
                                .normal(scope, like.shape(), DType.FP32)
                                .toFloats();
                for (int j = 0; j < drawn.length; j++) {
                    drawn[j] *= SCALE;
                }
                values.put(names.get(i), Tensors.of(scope, drawn, like.shape()));
            }
            return AdapterParameters.of(
                    kind,
                    fresh.modules(),
                    source.transformerConfig().numLayers(),
                    Device.CPU,
                    values);
        } finally {
            fresh.close();
        }
    }

    private static Checkpointing.StepInputs inputs(
            Scope scope, ModelSource source, AdapterParameters adapter) {
        RandomSource random = RandomSource.seeded(scope, 7);
        long width = source.transformerConfig().jointAttentionDim();
        long pooled = source.transformerConfig().pooledProjectionDim();
        long channels = source.transformerConfig().inChannels();
        return new Checkpointing.StepInputs(
                recordable(scope, random.normal(scope, new long[] {2, channels, 8, 8}, DType.FP32)),
                List.of(250.0, 750.0),
                recordable(scope, random.normal(scope, new long[] {2, 5, width}, DType.FP32)),
                recordable(scope, random.normal(scope, new long[] {2, pooled}, DType.FP32)),
                1,
                adapter.adapters());
    }

    private static Tensor recordable(Scope scope, Tensor tensor) {
        return Tensors.recordable(scope, tensor);
    }

    private static Tensor forward(Scope scope, Mmdit network, Checkpointing.StepInputs inputs) {
        Mmdit.Conditioning text =
                network.condition(
                        scope,
                        inputs.promptEmbeds(),
                        inputs.pooled(),
                        inputs.lastRepeats(),
                        inputs.adapters());
        return network.forward(
                scope, inputs.latents(), inputs.times(), text, Perturbation.NONE, block -> {});
    }

    private static double norm(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum);
    }

    /** |a − b| / |b|. */
    private static double distance(float[] a, float[] b) {
        float[] difference = new float[b.length];
        for (int i = 0; i < b.length; i++) {
            difference[i] = a[i] - b[i];
        }
        return norm(difference) / norm(b);
    }

    @ParameterizedTest
    @MethodSource("formsAndKinds")
    void gradientsAreThoseOnTheDequantisedBase(Quantization form, AdapterKind kind) {
        try (ModelSource source = tiny();
                FrozenTransformer small = new FrozenTransformer(source, load(form, Offload.NONE));
                Mmdit wide = wide(source, new Dequantised(source.transformer(), form))) {
            float[] own = gradients(source, small.network(), kind, true);
            float[] plain = gradients(source, wide, kind, false);
            double worst = distance(own, plain);
            System.out.printf(
                    Locale.ROOT,
                    "%s on %s: gradients differ by %.1e of their norm from those on the dequantised"
                            + " base%n",
                    kind.label(),
                    form.label(),
                    worst);
            assertTrue(norm(plain) > 0);
            assertTrue(worst <= 1e-5, "differ by " + worst);
        }
    }

    private static Mmdit wide(ModelSource source, Weights weights) {
        try (Autograd recording = Autograd.record()) {
            return Mmdit.trainable(
                    source.transformerConfig(),
                    new FrozenWeights(weights),
                    new Placement(Device.CPU, DType.FP32));
        }
    }

    @ParameterizedTest
    @MethodSource("formsAndKinds")
    void gradientsOnTheBuiltInModelAreNearThoseOfFullPrecision(
            Quantization form, AdapterKind kind) {
        try (ModelSource source = ModelSource.open(NANO, null, null);
                FrozenTransformer small = new FrozenTransformer(source, load(form, Offload.NONE));
                Mmdit full = wide(source, source.transformer())) {
            double error =
                    distance(
                            gradients(source, small.network(), kind, true),
                            gradients(source, full, kind, true));
            System.out.printf(
                    Locale.ROOT,
                    "%s on sd3-nano in %s: gradients differ by %.4f of their norm from full"
                            + " precision%n",
                    kind.label(),
                    form.label(),
                    error);
            assertTrue(error > 1e-5 && error < 0.15, "differ by " + error);
        }
    }

    @Test
    void blocksReadAtEachUseGiveTheSameBits() {
        try (ModelSource source = tiny();
                FrozenTransformer kept =
                        new FrozenTransformer(source, load(Quantization.NONE, Offload.NONE));
                FrozenTransformer read =
                        new FrozenTransformer(source, load(Quantization.NONE, Offload.BLOCKS))) {
            AdapterKind kind = Lora.of(2, 2);
            assertArrayEquals(
                    gradients(source, kept.network(), kind, true),
                    gradients(source, read.network(), kind, true));
        }
    }

    @Test
    void whatSavesNothingIsRefused() {
        BaseOptions options = new BaseOptions();
        options.quantize = "int8";
        ArgumentException e =
                assertThrows(
                        ArgumentException.class, () -> options.load(Device.CPU, DType.FP32, true));
        assertEquals(
                "--quantize int8 saves nothing while all blocks are recorded; add --checkpointing",
                e.getMessage());
        options.quantize = "none";
        options.offload = "blocks";
        assertTrue(
                String.valueOf(
                                assertThrows(
                                                ArgumentException.class,
                                                () -> options.load(Device.CPU, DType.FP32, true))
                                        .getMessage())
                        .startsWith("--offload blocks"));
        options.checkpointing = true;
        assertEquals(Offload.BLOCKS, options.load(Device.CPU, DType.FP32, true).offload());
    }
}
