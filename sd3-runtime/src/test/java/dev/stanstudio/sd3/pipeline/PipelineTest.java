package dev.stanstudio.sd3.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Torch;
import dev.stanstudio.sd3.metadata.Provenance;
import dev.stanstudio.sd3.model.LoadOptions;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.model.Offload;
import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.sd3.schedule.SamplerKind;
import dev.stanstudio.testing.Goldens;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PipelineTest {
    private static Sd3Pipeline open(String model, DType dtype, Offload offload) {
        ModelSource source = ModelSource.open(Goldens.own(model), null, null);
        return new Sd3Pipeline(
                Sd3Model.load(source, new LoadOptions(Device.CPU, dtype, offload, true)));
    }

    private static byte[] pixels(Sd3Pipeline pipeline, GenerationRequest request) {
        return pipeline.generate(request, GenerationListener.SILENT).get(0).picture().samples();
    }

    @Test
    void parallelRequestsEqualSerialOnes() throws Exception {
        try (Sd3Pipeline pipeline = open("tiny-3.0", DType.FP32, Offload.NONE)) {
            List<GenerationRequest> requests = new ArrayList<>();
            for (long i = 0; i < 6; i++) {
                requests.add(Requests.small("a boat, number " + i % 3, 3, i));
            }
            List<byte[]> serial = requests.stream().map(r -> pixels(pipeline, r)).toList();
            ExecutorService pool = Executors.newFixedThreadPool(4);
            try {
                List<CompletableFuture<byte[]>> running =
                        requests.stream()
                                .map(
                                        r ->
                                                CompletableFuture.supplyAsync(
                                                        () -> pixels(pipeline, r), pool))
                                .toList();
                for (int i = 0; i < serial.size(); i++) {
                    assertArrayEquals(serial.get(i), running.get(i).get(), "request " + i);
                }
            } finally {
                pool.shutdown();
            }
        }
    }

    @Test
    void pictureIsTheSameAloneAndAmongOthers() {
        try (Sd3Pipeline pipeline = open("tiny-3.5", DType.FP32, Offload.NONE)) {
            List<GeneratedPicture> three =
                    pipeline.generate(
                            Requests.small("gulls", 2, 5L, 6L, 7L), GenerationListener.SILENT);
            byte[] alone = pixels(pipeline, Requests.small("gulls", 2, 6L));
            assertArrayEquals(alone, three.get(1).picture().samples());
            assertNotEquals(three.get(0).picture(), three.get(1).picture());
            assertEquals(6L, three.get(1).seed());
        }
    }

    private static GenerationRequest zeroStar(int steps, double guidance, String variants) {
        return Requests.small("a boat", steps, 3L).toBuilder()
                .sampling(
                        SamplingOptions.of(steps, guidance)
                                .withGuidanceOptions(GuidanceOptions.parse(variants)))
                .build();
    }

    /** The note on an option without effect says so. */
    @Test
    void withoutGuidanceItsVariantsChangeNothing() {
        try (Sd3Pipeline pipeline = open("tiny-3.0", DType.FP32, Offload.NONE)) {
            byte[] plain = pixels(pipeline, zeroStar(2, 1, "plain"));
            for (String variants : List.of("cfg-zero", "cfg-zero=2", "apg", "interval=0-0.5")) {
                assertArrayEquals(plain, pixels(pipeline, zeroStar(2, 1, variants)), variants);
            }
        }
    }

    @Test
    void stepsThatAllRestAreRefused() {
        try (Sd3Pipeline pipeline = open("tiny-3.0", DType.FP32, Offload.NONE)) {
            GenerationRequest resting = zeroStar(3, 5, "cfg-zero=3");
            ArgumentException e =
                    assertThrows(ArgumentException.class, () -> pixels(pipeline, resting));
            assertTrue(String.valueOf(e.getMessage()).contains("all of 3 steps"), e.getMessage());
        }
    }

    @ParameterizedTest
    @EnumSource(Offload.class)
    void offloadingChangesNothing(Offload offload) {
        byte[] plain;
        try (Sd3Pipeline pipeline = open("tiny-3.0", DType.FP32, Offload.NONE)) {
            plain = pixels(pipeline, Requests.small("a castle", 2, 1L));
        }
        try (Sd3Pipeline pipeline = open("tiny-3.0", DType.FP32, offload)) {
            assertArrayEquals(plain, pixels(pipeline, Requests.small("a castle", 2, 1L)));
            assertArrayEquals(plain, pixels(pipeline, Requests.small("a castle", 2, 1L)));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 9, 12, 25, 60})
    void cancelStopsSoonAndLeavesNothing(int questions) {
        try (Sd3Pipeline pipeline = open("tiny-3.0", DType.FP32, Offload.NONE)) {
            int[] asked = {0};
            GenerationListener listener =
                    new GenerationListener() {
                        @Override
                        public boolean isCancelled() {
                            return asked[0]++ >= questions;
                        }
                    };
            assertThrows(
                    CancellationException.class,
                    () -> pipeline.generate(Requests.small("a storm", 20, 1L), listener));
            assertEquals(questions + 1, asked[0], "work went on after the cancel");
            assertFalse(pixels(pipeline, Requests.small("a storm", 1, 1L)).length == 0);
        }
    }

    @Test
    void cancelWorksInEveryStage() {
        try (Sd3Pipeline pipeline = open("tiny-3.0", DType.FP32, Offload.NONE)) {
            for (GenerationListener.Stage stage : GenerationListener.Stage.values()) {
                if (stage == GenerationListener.Stage.IMAGE) {
                    continue; // needs an initial picture; the stages share one brake
                }
                boolean[] reached = {false};
                GenerationListener listener =
                        new GenerationListener() {
                            @Override
                            public void onStage(int picture, Stage now) {
                                reached[0] |= now == stage;
                            }

                            @Override
                            public boolean isCancelled() {
                                return reached[0];
                            }
                        };
                assertThrows(
                        CancellationException.class,
                        () -> pipeline.generate(Requests.small("stage " + stage, 1, 1L), listener));
            }
        }
    }

    @Test
    void previewsShowWhatComes() {
        try (Sd3Pipeline pipeline = open("tiny-3.0", DType.FP32, Offload.NONE)) {
            List<Picture> previews = new ArrayList<>();
            GenerationListener listener =
                    new GenerationListener() {
                        @Override
                        public void onStep(Step step) {
                            previews.add(step.preview().get());
                        }
                    };
            pipeline.generate(Requests.small("a field", 3, 4L), listener);
            assertEquals(3, previews.size());
            assertEquals(8, previews.get(2).width());
            assertEquals(6, previews.get(2).height());
            assertNotEquals(previews.get(0), previews.get(2));
        }
    }

    @Test
    void twoHundredPicturesLeaveNoTensor() {
        try (Sd3Pipeline pipeline = open("tiny-3.0", DType.FP32, Offload.NONE)) {
            pixels(pipeline, Requests.small("rain", 1, 0L));
            long before = Torch.liveHandles();
            for (long seed = 1; seed <= 200; seed++) {
                pixels(pipeline, Requests.small("rain", 1, seed));
            }
            assertEquals(before, Torch.liveHandles());
        }
    }

    @Test
    void writtenPicturesTellHowToRepeatThem(@TempDir Path folder) {
        Path file = folder.resolve("gulls.png");
        GenerationRequest request =
                Requests.small("gulls", 4, 123456789012345L).toBuilder()
                        .prompt(
                                new PromptTexts(
                                        "gulls: \"three\", über Wasser\nzweite Zeile", "b", null))
                        .negative(PromptTexts.of("blurry"))
                        .text(new TextOptions(1, false, 64))
                        .size(32, 64)
                        .sampling(
                                SamplingOptions.of(4, 3.5, SamplerKind.HEUN)
                                        .withShift(2.0)
                                        .withSigmas(List.of(1.0, 0.5, 0.1)))
                        .vaeTiling(true)
                        .build();
        try (Sd3Pipeline pipeline = open("tiny-3.0", DType.FP32, Offload.NONE)) {
            GeneratedPicture made = pipeline.generate(request, GenerationListener.SILENT).get(0);
            Provenance.of(pipeline.model(), made.request()).write(file, made);
            Provenance read = Provenance.read(file).orElseThrow();
            assertEquals(request, read.request());
            assertEquals(pipeline.model().fingerprint(), read.model().fingerprint());
            assertEquals(made.picture(), Picture.read(file));
            assertArrayEquals(made.picture().samples(), pixels(pipeline, read.request()));
        }
    }

    @Test
    void requestsThatDoNotFitTheModelAreRefused() {
        try (Sd3Pipeline pipeline = open("tiny-3.0", DType.FP32, Offload.NONE)) {
            GenerationRequest large = Requests.small("x", 1, 0L).toBuilder().size(4096, 64).build();
            ArgumentException refused =
                    assertThrows(ArgumentException.class, () -> pixels(pipeline, large));
            assertTrue(refused.getMessage().contains("192"), refused.getMessage());
        }
    }
}
