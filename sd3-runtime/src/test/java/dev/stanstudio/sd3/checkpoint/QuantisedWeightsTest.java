package dev.stanstudio.sd3.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.safetensors.TensorCollection;
import dev.stanstudio.sd3.mmdit.MmditKeys;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.testing.Goldens;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Weights in eight bits: as torch makes them, and which of a network's. */
class QuantisedWeightsTest {
    private static StoredWeights reference(TensorFiles files) throws URISyntaxException {
        Path file =
                Path.of(
                        Objects.requireNonNull(
                                        QuantisedWeightsTest.class.getResource(
                                                "quantised.safetensors"))
                                .toURI());
        return StoredWeights.of(TensorCollection.open(file), files, UnaryOperator.identity());
    }

    /** Ties, saturated quotients, rows of zeros and numbers at the ends of fp32. */
    @ParameterizedTest
    @EnumSource(value = Quantization.class, mode = Mode.EXCLUDE, names = "NONE")
    void numbersScalesAndWidenedMatricesAreTorchs(Quantization form) throws URISyntaxException {
        try (TensorFiles files = new TensorFiles();
                Scope scope = Scope.open("test")) {
            Weights reference = reference(files);
            for (String type : List.of("fp32", "fp16", "bf16")) {
                Tensor matrix = reference.open(scope, type);
                String name = type + "." + form.label();
                List<Tensor> small = QuantisedWeights.quantise(scope, matrix, form);
                assertSame(reference.open(scope, name), small.get(0), name);
                assertSame(reference.open(scope, name + ".scale"), small.get(1), name + " scale");
                assertSame(
                        reference.open(scope, name + ".wide"),
                        QuantisedWeights.widen(scope, small.get(0), small.get(1)),
                        name + " widened");
            }
        }
    }

    private static void assertSame(Tensor expected, Tensor actual, String what) {
        assertEquals(expected.dtype(), actual.dtype(), what);
        assertArrayEquals(expected.shape(), actual.shape(), what);
        assertArrayEquals(expected.toBytes(), actual.toBytes(), what);
    }

    @Test
    void matricesOfBlocksAreTakenAndNothingElse() {
        try (ModelSource source = ModelSource.open(Goldens.own("tiny-3.5"), null, null)) {
            Weights weights = source.transformer();
            assertTrue(QuantisedWeights.takes(weights, "transformer_blocks.0.attn.to_q.weight"));
            assertTrue(QuantisedWeights.takes(weights, "transformer_blocks.2.norm1.linear.weight"));
            MmditKeys.shapes(source.transformerConfig())
                    .forEach(
                            (name, shape) -> {
                                boolean inBlock = name.startsWith("transformer_blocks.");
                                assertEquals(
                                        inBlock && shape.length == 2,
                                        QuantisedWeights.takes(weights, name),
                                        name);
                            });
            Weights t5 = source.t5().orElseThrow().weights();
            assertTrue(
                    QuantisedWeights.takes(t5, "encoder.block.0.layer.0.SelfAttention.q.weight"));
            assertFalse(QuantisedWeights.takes(t5, "shared.weight"));
            assertFalse(
                    QuantisedWeights.takes(
                            t5,
                            "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight"));
        }
    }

    @Test
    void whatWasReleasedIsMadeAgain() {
        String name = "transformer_blocks.0.ff.net.2.weight";
        try (ModelSource source = ModelSource.open(Goldens.own("tiny-3.0"), null, null);
                QuantisedWeights weights =
                        new QuantisedWeights(source.transformer(), Quantization.INT8, Device.CPU);
                Scope scope = Scope.open("test")) {
            assertEquals(DType.FP32, weights.dtype(name));
            assertEquals(DType.FP16, weights.dtype("proj_out.weight"));
            float[] before = weights.open(scope, name).toFloats();
            float[] full = source.transformer().open(scope, name).toFloats();
            weights.release();
            assertArrayEquals(before, weights.open(scope, name).toFloats());
            double largest = 0;
            double error = 0;
            for (int i = 0; i < full.length; i++) {
                largest = Math.max(largest, Math.abs(full[i]));
                error = Math.max(error, Math.abs(full[i] - before[i]));
            }
            assertTrue(error > 0 && error <= largest / 254 * 1.0001, error + " of " + largest);
        }
    }
}
