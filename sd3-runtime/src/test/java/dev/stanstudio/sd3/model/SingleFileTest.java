package dev.stanstudio.sd3.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.checkpoint.Weights;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import dev.stanstudio.sd3.pipeline.GenerationListener;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.pipeline.Sd3Pipeline;
import dev.stanstudio.sd3.text.T5Encoder;
import dev.stanstudio.testing.Goldens;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Single files under the original names: detected, mapped, and equal to the folder bit for bit. */
class SingleFileTest {
    private static final String TINY = "single-file/tiny_sd3_incl_clips_t5xxlfp8.safetensors";
    private static final String TINY_35 = "single-file/tiny_sd3.5.safetensors";

    @ParameterizedTest
    @CsvSource({TINY + ",tiny-sd3", TINY_35 + ",tiny-sd3.5"})
    void transformerAndAutoencoderEqualTheFolder(String file, String folder) {
        Path companion = Goldens.path(folder);
        try (ModelSource single = ModelSource.open(Goldens.path(file), null, companion);
                ModelSource whole = ModelSource.open(companion, null, null)) {
            assertEquals(whole.transformerConfig(), single.transformerConfig());
            assertEquals(whole.vaeConfig(), single.vaeConfig());
            assertEqual(whole.transformer(), single.transformer());
            assertEqual(whole.vae(), single.vae());
        }
    }

    private static void assertEqual(Weights expected, Weights actual) {
        assertEquals(expected.names(), Set.copyOf(actual.names()));
        for (String name : expected.names()) {
            try (Scope scope = Scope.open("compare")) {
                Tensor a = expected.open(scope, name);
                Tensor b = actual.open(scope, name);
                assertArrayEquals(a.shape(), b.shape(), name);
                assertArrayEquals(a.toFloats(), b.toFloats(), name);
            }
        }
    }

    @Test
    void configurationIsReadOffTheShapes() {
        try (ModelSource single = ModelSource.open(Goldens.path(TINY_35), null, null)) {
            MmditConfig config = single.transformerConfig();
            assertEquals(192, config.width());
            assertEquals(4, config.numLayers());
            assertEquals(Set.of(0, 1), config.dualAttentionLayers());
            assertTrue(config.rmsQkNorm());
            assertEquals(48, config.posEmbedMaxSize());
            UserException missing = assertThrows(UserException.class, () -> single.clip(1));
            assertTrue(missing.getMessage().contains("--companion"), missing.getMessage());
        }
    }

    @Test
    void eightBitT5EqualsTheReference() {
        Path companion = Goldens.path("tiny-sd3");
        try (ModelSource single = ModelSource.open(Goldens.path(TINY), null, companion);
                Goldens.File golden = new Goldens.File("single-file/expected.safetensors");
                Scope scope = Scope.open("test")) {
            ModelSource.T5Part part = single.t5().orElseThrow();
            assertEquals(DType.FP8_E4M3, part.weights().dtype("shared.weight"));
            Placement fp32 = new Placement(Device.CPU, DType.FP32);
            try (T5Encoder t5 = T5Encoder.load(part.config(), part.weights(), fp32, true)) {
                Tensor states = t5.encode(scope, golden.ids("input_ids"), () -> {});
                Goldens.compare(
                        "T5 with fp8 weights",
                        states,
                        golden.tensor("t5_fp8.last_hidden_state"),
                        2e-5);
            }
        }
    }

    @Test
    void generatesWithItsOwnEncoders() {
        Path companion = Goldens.path("tiny-sd3");
        ModelSource single = ModelSource.open(Goldens.path(TINY), null, companion);
        try (Sd3Pipeline pipeline = new Sd3Pipeline(Sd3Model.load(single, LoadOptions.plain()))) {
            GenerationRequest request =
                    GenerationRequest.of("a bridge", 3, new ModelDefaults(64, 64, 2, 4, 77));
            byte[] pixels =
                    pipeline.generate(request, GenerationListener.SILENT)
                            .get(0)
                            .picture()
                            .samples();
            assertEquals(64 * 64 * 3, pixels.length);
        }
    }

    @Test
    void identityStandsForTheMissingProjection() {
        Path companion = Goldens.path("tiny-sd3");
        try (ModelSource single = ModelSource.open(Goldens.path(TINY), null, companion);
                Scope scope = Scope.open("test")) {
            Tensor projection = single.clip(1).weights().open(scope, "text_projection.weight");
            Tensor identity = Tensors.identity(scope, 16, DType.FP32, Device.CPU);
            assertArrayEquals(identity.toFloats(), projection.toFloats());
        }
    }
}
