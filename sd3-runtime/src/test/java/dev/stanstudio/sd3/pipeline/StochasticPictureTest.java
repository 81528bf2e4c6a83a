package dev.stanstudio.sd3.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Torch;
import dev.stanstudio.safetensors.SafetensorsWriter;
import dev.stanstudio.safetensors.StoredType;
import dev.stanstudio.safetensors.TensorSource;
import dev.stanstudio.sd3.model.LoadOptions;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.model.Offload;
import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.sd3.schedule.SamplerKind;
import dev.stanstudio.testing.Goldens;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pictures by samplers that draw noise in their steps. */
class StochasticPictureTest {
    private Sd3Pipeline pipeline;

    @BeforeEach
    void open() {
        ModelSource source = ModelSource.open(Goldens.own("tiny-3.0"), null, null);
        pipeline =
                new Sd3Pipeline(
                        Sd3Model.load(
                                source,
                                new LoadOptions(Device.CPU, DType.FP32, Offload.NONE, true)));
    }

    @AfterEach
    void close() {
        pipeline.close();
    }

    private static GenerationRequest request(SamplerKind kind, Long... seeds) {
        return Requests.small("gulls", 4, seeds).toBuilder()
                .sampling(SamplingOptions.of(4, 5, kind))
                .build();
    }

    private byte[] pixels(GenerationRequest request) {
        return pipeline.generate(request, GenerationListener.SILENT).get(0).picture().samples();
    }

    @ParameterizedTest
    @EnumSource(names = {"EULER_ANCESTRAL", "DPMPP_2M_SDE", "ER_SDE", "LCM"})
    void theSeedDecidesThePictureAloneAndAmongOthers(SamplerKind kind) {
        byte[] alone = pixels(request(kind, 6L));
        assertArrayEquals(alone, pixels(request(kind, 6L)));
        List<GeneratedPicture> three =
                pipeline.generate(request(kind, 5L, 6L, 6L), GenerationListener.SILENT);
        assertArrayEquals(alone, three.get(1).picture().samples());
        assertArrayEquals(alone, three.get(2).picture().samples());
        assertFalse(Arrays.equals(alone, three.get(0).picture().samples()));
    }

    @ParameterizedTest
    @EnumSource(names = {"EULER_ANCESTRAL", "DPMPP_2M_SDE", "ER_SDE", "LCM"})
    void aFileWithTheSeedsOwnNoiseGivesTheSamePicture(SamplerKind kind, @TempDir Path folder) {
        GenerationRequest request = request(kind, 6L);
        Map<String, float[]> traced = trace(request);
        Path file = folder.resolve("noise.safetensors");
        write(file, traced.get("latents.0"));
        byte[] again = pixels(request.toBuilder().latentsFile(file.toString()).build());
        assertArrayEquals(pixels(request), again);
    }

    private static void write(Path file, float[] latents) {
        ByteBuffer bytes =
                ByteBuffer.allocate(latents.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(latents);
        SafetensorsWriter.write(
                file,
                Map.of(),
                List.of(
                        new SafetensorsWriter.Tensor(
                                "latents",
                                StoredType.F32,
                                List.of(1L, 16L, 6L, 8L),
                                TensorSource.of(bytes))));
    }

    @ParameterizedTest
    @EnumSource(
            names = {"EULER_ANCESTRAL", "DPMPP_2M_SDE", "UNIPC", "RES_MULTISTEP", "ER_SDE", "LCM"})
    void inpaintingKeepsWhatTheMaskLeavesOut(SamplerKind kind, @TempDir Path folder) {
        Path initial = folder.resolve("initial.png");
        Picture.of(64, 48, PixelMode.RGB, pixels(request(SamplerKind.EULER, 1L))).writePng(initial);
        byte[] half = new byte[64 * 48];
        for (int i = 0; i < half.length; i++) {
            half[i] = (byte) (i % 64 < 32 ? 255 : 0);
        }
        Path mask = folder.resolve("mask.png");
        Picture.of(64, 48, PixelMode.GREY, half).writePng(mask);
        ImageInput image = ImageInput.of(initial.toString(), mask.toString(), 0.75);
        float[] euler = last(request(SamplerKind.EULER, 2L).toBuilder().image(image).build());
        float[] other = last(request(kind, 2L).toBuilder().image(image).build());
        int painted = 0;
        for (int i = 0; i < euler.length; i++) {
            if (i % 8 >= 4) {
                assertEquals(euler[i], other[i]);
            } else {
                painted += euler[i] == other[i] ? 0 : 1;
            }
        }
        assertEquals(euler.length / 2.0, painted, euler.length / 50.0);
    }

    private float[] last(GenerationRequest request) {
        Map<String, float[]> traced = trace(request);
        // Strength 0.75 leaves out the first of 4 steps.
        assertFalse(traced.containsKey("latents.4"));
        return traced.get("latents.3");
    }

    private Map<String, float[]> trace(GenerationRequest request) {
        Map<String, float[]> traced = new HashMap<>();
        pipeline.generate(
                request,
                new GenerationListener() {
                    @Override
                    public void onTensor(int picture, String name, Tensor tensor) {
                        if (name.startsWith("latents.")) {
                            traced.put(name, tensor.toFloats());
                        }
                    }

                    @Override
                    public boolean wantsTensors() {
                        return true;
                    }
                });
        return traced;
    }

    @ParameterizedTest
    @EnumSource(SamplerKind.class)
    void neitherPicturesNorCancelsLeaveTensors(SamplerKind kind) {
        pipeline.generate(request(kind, 0L), previews(Integer.MAX_VALUE));
        long before = Torch.liveHandles();
        pipeline.generate(request(kind, 1L), previews(Integer.MAX_VALUE));
        assertEquals(before, Torch.liveHandles());
        GenerationListener cancelled = previews(3);
        assertThrows(
                CancellationException.class, () -> pipeline.generate(request(kind, 2L), cancelled));
        assertEquals(before, Torch.liveHandles());
    }

    /** Draws a preview of every step and cancels after {@code most} of them. */
    private static GenerationListener previews(int most) {
        int[] steps = {0};
        return new GenerationListener() {
            @Override
            public void onStep(Step step) {
                assertNotNull(step.preview().get());
                steps[0]++;
            }

            @Override
            public boolean isCancelled() {
                return steps[0] == most;
            }
        };
    }
}
