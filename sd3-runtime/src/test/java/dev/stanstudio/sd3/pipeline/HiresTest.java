package dev.stanstudio.sd3.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.metadata.Provenance;
import dev.stanstudio.sd3.model.LoadOptions;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.model.Offload;
import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.testing.Goldens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Second passes and upscalers, against the reference's two pipelines and against others. */
class HiresTest {
    private static final String UPSCALER = Goldens.own("upscalers/old.safetensors").toString();
    private static final String OTHER = Goldens.own("upscalers/folded.safetensors").toString();

    private Sd3Pipeline three;
    private Sd3Pipeline medium;

    @TempDir Path folder;

    @BeforeEach
    void open() {
        three = open("tiny-3.0");
        medium = open("tiny-3.5");
    }

    @AfterEach
    void close() {
        three.close();
        medium.close();
    }

    private static Sd3Pipeline open(String model) {
        ModelSource source = ModelSource.open(Goldens.own(model), null, null);
        return new Sd3Pipeline(
                Sd3Model.load(source, new LoadOptions(Device.CPU, DType.FP32, Offload.NONE, true)));
    }

    /** Keeps the traced tensors of the only picture, and the steps. */
    private static final class Trace implements GenerationListener {
        private final Scope scope;
        private final Map<String, Tensor> tensors = new HashMap<>();

        Trace(Scope scope) {
            this.scope = scope;
        }

        @Override
        public boolean wantsTensors() {
            return true;
        }

        @Override
        public void onTensor(int picture, String name, Tensor tensor) {
            tensors.put(name, Tensors.share(scope, tensor));
        }
    }

    private static byte[] pixels(Sd3Pipeline pipeline, GenerationRequest request) {
        return drawn(pipeline, request).picture().samples();
    }

    private static GeneratedPicture drawn(Sd3Pipeline pipeline, GenerationRequest request) {
        return pipeline.generate(request, GenerationListener.SILENT).get(0);
    }

    private static GenerationRequest small() {
        return Requests.small("gulls", 2, 5L);
    }

    private static GenerationRequest by(String hires) {
        return small().toBuilder().hires(HiresPass.parse(hires)).build();
    }

    private static GenerationRequest upscaled(GenerationRequest request, String file) {
        return request.toBuilder().upscaler(UpscalerInput.of(file)).build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"latent", "latent-nearest", "latent-bicubic", "picture", "tiled"})
    void equalsTheReferencesTwoPipelines(String name) throws IOException {
        Path file = Goldens.own("hires/" + name + ".json");
        JsonNode json = new ObjectMapper().readTree(file.toFile());
        JsonNode arguments = json.path("arguments");
        Sd3Pipeline pipeline = arguments.path("model").asText().equals("tiny-3.0") ? three : medium;
        try (Goldens.File golden = new Goldens.File(Goldens.own("hires/" + name + ".safetensors"));
                Scope scope = Scope.open("test")) {
            Trace trace = new Trace(scope);
            pipeline.generate(request(pipeline, arguments), trace);
            for (String tensor : golden.names()) {
                String kind = tensor.contains("latents") ? "latents" : "image";
                Tensor ours = trace.tensors.get(tensor);
                assertNotNull(ours, tensor);
                double allowed = json.path("tolerance").path(kind).asDouble();
                Goldens.compare(name + " " + tensor, ours, golden.tensor(tensor), allowed);
            }
        }
    }

    private static GenerationRequest request(Sd3Pipeline pipeline, JsonNode a) {
        GenerationRequest plain =
                GenerationRequest.of(
                        a.path("prompt").asText(),
                        a.path("seed").asLong(),
                        pipeline.model().defaults());
        String length = a.has("hires_steps") ? ",steps=" + a.path("hires_steps").asInt() : "";
        return plain.toBuilder()
                .negative(PromptTexts.of(a.path("negative_prompt").asText()))
                .text(new TextOptions(0, true, a.path("max_sequence_length").asInt()))
                .size(a.path("width").asInt(), a.path("height").asInt())
                .sampling(
                        plain.sampling()
                                .withSteps(a.path("steps").asInt())
                                .withGuidance(a.path("guidance").asDouble()))
                .vaeTiling(a.path("vae_tiling").asBoolean())
                .hires(
                        HiresPass.parse(
                                "%s,strength=%s%s,by=%s"
                                        .formatted(
                                                a.path("scale").asText(),
                                                a.path("strength").asText(),
                                                length,
                                                a.path("by").asText())))
                .build();
    }

    @Test
    void pictureIsTheSameAloneAndAmongOthersAndInParallel() {
        List<GenerationRequest> requests =
                List.of(
                        by("2"),
                        by("2,by=picture"),
                        by("1.5,strength=0.7,by=" + UPSCALER),
                        upscaled(small(), OTHER));
        List<byte[]> serial = requests.stream().map(r -> pixels(three, r)).toList();
        List<CompletableFuture<byte[]>> running =
                requests.stream()
                        .map(r -> CompletableFuture.supplyAsync(() -> pixels(three, r)))
                        .toList();
        for (int i = 0; i < serial.size(); i++) {
            assertArrayEquals(serial.get(i), running.get(i).join(), "request " + i);
        }
        GenerationRequest two = by("2,by=picture").toBuilder().seeds(List.of(4L, 5L)).build();
        List<GeneratedPicture> all = three.generate(two, GenerationListener.SILENT);
        assertArrayEquals(serial.get(1), all.get(1).picture().samples());
        assertFalse(Arrays.equals(serial.get(1), all.get(0).picture().samples()));
    }

    @Test
    void upscalerEnlargesTheFinishedPicture() {
        Picture large = drawn(three, upscaled(small(), UPSCALER)).picture();
        assertEquals(4 * 64, large.width());
        assertEquals(4 * 48, large.height());
        Picture both = drawn(three, upscaled(by("1.26"), OTHER)).picture();
        assertEquals(2 * 80, both.width()); // 1.26 · 64 to a multiple of 16
        assertEquals(2 * 64, both.height());
    }

    @Test
    void stepsOfBothPassesCountAndPreviewsShowBoth() {
        List<Integer> widths = new ArrayList<>();
        List<GenerationListener.Step> steps = new ArrayList<>();
        three.generate(
                by("2,strength=0.5,steps=4"),
                new GenerationListener() {
                    @Override
                    public void onStep(Step step) {
                        steps.add(step);
                        widths.add(step.preview().get().width());
                    }
                });
        assertEquals(List.of(1, 2, 3, 4), steps.stream().map(s -> s.call()).toList());
        assertTrue(steps.stream().allMatch(s -> s.calls() == 4));
        assertEquals(2 * widths.get(0), widths.get(3));
    }

    @Test
    void cancellationEndsTheSecondPassAndTheUpscaler() {
        for (int last : new int[] {3, 4}) {
            boolean[] cancelled = {false};
            GenerationListener listener =
                    new GenerationListener() {
                        @Override
                        public void onStep(Step step) {
                            cancelled[0] = step.call() >= last;
                        }

                        @Override
                        public boolean isCancelled() {
                            return cancelled[0];
                        }
                    };
            GenerationRequest request = upscaled(by("2,strength=0.5,steps=4"), UPSCALER);
            assertThrows(CancellationException.class, () -> three.generate(request, listener));
        }
    }

    @Test
    void otherPartsOfARequestReachTheSecondPass() {
        String net = Goldens.own("controls/joint").toString();
        String picture = Goldens.own("controls/second.png").toString();
        GenerationRequest plain = by("2,by=picture");
        GenerationRequest late =
                plain.withControls(List.of(ControlInput.of(net, picture).during(0.5, 1)));
        GenerationRequest early =
                plain.withControls(List.of(ControlInput.of(net, picture).during(0, 0.5)));
        byte[] without = pixels(three, plain);
        assertFalse(Arrays.equals(without, pixels(three, late)));
        assertFalse(Arrays.equals(pixels(three, early), pixels(three, late)));
        GenerationRequest begun =
                plain.toBuilder()
                        .image(ImageInput.of(picture, null, 0.5))
                        .skipLayer(new SkipLayerGuidance(List.of(0), 2.8, 0, 1))
                        .build();
        assertFalse(Arrays.equals(without, pixels(three, begun)));
    }

    @Test
    void recordRepeatsThePictureAndKnowsChangedFiles() throws IOException {
        Path copy = Files.copy(Path.of(UPSCALER), folder.resolve("net.safetensors"));
        GenerationRequest request = upscaled(by("1.5,strength=0.5,steps=4,by=" + copy), OTHER);
        GeneratedPicture drawn = drawn(three, request);
        Path file = folder.resolve("drawn.png");
        Provenance.of(three.model(), drawn.request()).write(file, drawn);
        GenerationRequest again = Provenance.read(file).orElseThrow().request();
        assertEquals(drawn.request(), again);
        HiresPass kept = again.hires();
        assertNotNull(kept);
        assertNotNull(kept.upscaler());
        assertNotNull(kept.upscaler().fingerprint());
        assertArrayEquals(drawn.picture().samples(), pixels(three, again));
        Files.copy(Path.of(OTHER), copy, StandardCopyOption.REPLACE_EXISTING);
        refuses(again, "is not the upscaler");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2,strength=0.4",
                "1.5,strength=1,steps=7,by=picture",
                "3,by=a,b=c.safetensors"
            })
    void textIsReadBack(String text) {
        HiresPass pass = HiresPass.parse(text);
        assertEquals(pass, HiresPass.parse(pass.toString()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "1",
                "4.1",
                "100",
                "-2",
                "NaN",
                "Infinity",
                "2,strength=0",
                "2,strength=1.1",
                "2,strength=NaN",
                "2,steps=0",
                "2,steps=10001",
                "2,steps=1.5",
                "2,by=",
                "2,by=upscaler",
                "2,speed=3",
                "2,strength=0.5,strength=0.5",
                "2,3",
                "x"
            })
    void refusesTexts(String text) {
        ArgumentException refusal =
                assertThrows(ArgumentException.class, () -> HiresPass.parse(text));
        assertFalse(String.valueOf(refusal.getMessage()).contains("\n"));
    }

    @Test
    void refusesWhatDoesNotFit() {
        refuses(by("2,by=gone.safetensors"), "there is no upscaler at gone.safetensors");
        GenerationRequest large =
                small().toBuilder().size(most(), 64).hires(HiresPass.parse("1.5")).build();
        refuses(large, "at most");
        assertThrows(ArgumentException.class, () -> by("1.01"));
        String picture = Goldens.own("inputs/picture.png").toString();
        String mask = Goldens.own("inputs/mask.png").toString();
        assertThrows(
                ArgumentException.class,
                () -> by("2").toBuilder().image(ImageInput.of(picture, mask, 0.5)).build());
        assertThrows(ArgumentException.class, () -> UpscalerInput.of(" "));
    }

    private int most() {
        return three.model().transformer().config().maxPixels() / 16 * 16;
    }

    private void refuses(GenerationRequest request, String words) {
        UserException refusal =
                assertThrows(
                        UserException.class,
                        () -> three.generate(request, GenerationListener.SILENT));
        String message = String.valueOf(refusal.getMessage());
        assertTrue(message.contains(words) && !message.contains("\n"), message);
    }
}
