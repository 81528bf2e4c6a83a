package dev.stanstudio.sd3.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.sd3.checkpoint.Quantization;
import dev.stanstudio.sd3.metadata.Provenance;
import dev.stanstudio.sd3.model.LoadOptions;
import dev.stanstudio.sd3.model.MemoryNeed;
import dev.stanstudio.sd3.model.MemoryTable;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.model.Offload;
import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.testing.Goldens;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Pictures drawn with weights that stay in eight bits. */
class QuantisedPictureTest {
    private static final GenerationRequest REQUEST = Requests.small("a castle", 3, 1L);

    private static Sd3Pipeline open(DType dtype, Offload offload, Quantization form) {
        ModelSource source = ModelSource.open(Goldens.own("tiny-3.5"), null, null);
        return new Sd3Pipeline(
                Sd3Model.load(source, new LoadOptions(Device.CPU, dtype, offload, true, form)));
    }

    private static byte[] pixels(Sd3Pipeline pipeline) {
        return pipeline.generate(REQUEST, GenerationListener.SILENT).get(0).picture().samples();
    }

    /** Of eight-bit samples, in dB. */
    private static double psnr(byte[] a, byte[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            double d = Byte.toUnsignedInt(a[i]) - Byte.toUnsignedInt(b[i]);
            sum += d * d;
        }
        return 10 * Math.log10(255.0 * 255.0 * a.length / sum);
    }

    @ParameterizedTest
    @EnumSource(value = Quantization.class, mode = Mode.EXCLUDE, names = "NONE")
    void picturesAreNearThoseOfFullPrecisionAndRepeat(Quantization form) {
        byte[] full;
        try (Sd3Pipeline pipeline = open(DType.FP32, Offload.NONE, Quantization.NONE)) {
            full = pixels(pipeline);
        }
        try (Sd3Pipeline pipeline = open(DType.FP32, Offload.NONE, form);
                Sd3Pipeline offloaded = open(DType.FP32, Offload.ENCODERS, form)) {
            byte[] small = pixels(pipeline);
            double psnr = psnr(full, small);
            System.out.printf("%s: %.1f dB from full precision%n", form.label(), psnr);
            assertTrue(psnr > 25 && psnr < 100, psnr + " dB");
            assertArrayEquals(small, pixels(pipeline));
            assertArrayEquals(small, pixels(offloaded));
            assertArrayEquals(small, pixels(offloaded), "after the encoders have left");
        }
    }

    @Test
    void theRecordTellsTheForm(@TempDir Path folder) {
        Path file = folder.resolve("a.png");
        try (Sd3Pipeline pipeline = open(DType.BF16, Offload.NONE, Quantization.FP8)) {
            GeneratedPicture made = pipeline.generate(REQUEST, GenerationListener.SILENT).get(0);
            Provenance.of(pipeline.model(), made.request()).write(file, made);
        }
        assertEquals("fp8", Provenance.read(file).orElseThrow().engine().quantize());
        try (Sd3Pipeline pipeline = open(DType.BF16, Offload.NONE, Quantization.NONE)) {
            assertNull(Provenance.of(pipeline.model(), REQUEST).engine().quantize());
        }
    }

    @Test
    void whatDoesNotGoTogetherIsRefused() {
        ArgumentException streamed =
                assertThrows(
                        ArgumentException.class,
                        () -> open(DType.FP32, Offload.BLOCKS, Quantization.INT8));
        assertTrue(String.valueOf(streamed.getMessage()).contains("--offload blocks"));
        Path eight = Goldens.own("single-file/tiny-3.0_incl_clips_t5xxlfp8.safetensors");
        try (ModelSource source = ModelSource.open(eight, null, Goldens.own("tiny-3.0"))) {
            LoadOptions options =
                    new LoadOptions(Device.CPU, DType.FP32, Offload.NONE, true, Quantization.INT8);
            ArgumentException twice =
                    assertThrows(ArgumentException.class, () -> Sd3Model.load(source, options));
            assertTrue(
                    String.valueOf(twice.getMessage()).contains("leave out --quantize"),
                    twice.getMessage());
        }
    }

    @Test
    void theNeedOfMemoryFalls() {
        try (ModelSource source = ModelSource.open(Path.of("models", "sd3-nano"), null, null)) {
            Map<String, Long> table = MemoryTable.drawing(MemoryNeed.of(source), 128, 128).rows();
            for (String row : new String[] {"", " --offload encoders"}) {
                long wide = table.getOrDefault("--dtype fp32" + row, 0L);
                long small = table.getOrDefault("--dtype fp32 --quantize int8" + row, 0L);
                assertTrue(small > 0 && small < wide, row + ": " + small + " and " + wide);
            }
        }
    }
}
