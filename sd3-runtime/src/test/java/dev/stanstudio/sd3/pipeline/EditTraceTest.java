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
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
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
import dev.stanstudio.sd3.schedule.SamplerKind;
import dev.stanstudio.testing.Goldens;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Soft masks, crops around masks and schedules of guidance, against plain loops of diffusers. */
class EditTraceTest {
    private static final String PICTURE = Goldens.own("inputs/picture.png").toString();
    private static final String LEVELS = Goldens.own("edits/levels.png").toString();

    @TempDir private Path folder;

    /** Keeps the traced tensors of the only picture. */
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

    private static Sd3Pipeline open(String model) {
        LoadOptions options = new LoadOptions(Device.CPU, DType.FP32, Offload.NONE, true);
        ModelSource source = ModelSource.open(Goldens.own(model), null, null);
        return new Sd3Pipeline(Sd3Model.load(source, options));
    }

    private static byte[] pixels(Sd3Pipeline pipeline, GenerationRequest request) {
        return picture(pipeline, request).samples();
    }

    private static Picture picture(Sd3Pipeline pipeline, GenerationRequest request) {
        return pipeline.generate(request, GenerationListener.SILENT).get(0).picture();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "linear",
                "cosine",
                "list",
                "linear-picture",
                "soft",
                "soft-less",
                "soft-heun"
            })
    void equalsTheReference(String name) throws IOException {
        Path file = Goldens.own("edits/trace-" + name + ".json");
        JsonNode json = new ObjectMapper().readTree(file.toFile());
        JsonNode arguments = json.path("arguments");
        Path tensors = Goldens.own("edits/trace-" + name + ".safetensors");
        try (Sd3Pipeline pipeline = open(arguments.path("model").asText());
                Goldens.File golden = new Goldens.File(tensors);
                Scope scope = Scope.open("test")) {
            Trace trace = new Trace(scope);
            pipeline.generate(request(pipeline, arguments), trace);
            for (String tensor : golden.names()) {
                double allowed = json.path("tolerance").path(tensor.split("\\.")[0]).asDouble();
                Tensor ours = trace.tensors.get(tensor);
                assertNotNull(ours, tensor);
                Goldens.compare(name + " " + tensor, ours, golden.tensor(tensor), allowed);
            }
        }
    }

    private static GenerationRequest request(Sd3Pipeline pipeline, JsonNode a) {
        String variants = a.has("schedule") ? "schedule=" + a.path("schedule").asText() : "plain";
        SamplerKind sampler = SamplerKind.of(a.path("sampler").asText("euler"));
        int steps = a.path("steps").asInt();
        ImageInput image =
                a.has("init_image")
                        ? ImageInput.of(
                                PICTURE,
                                a.has("mask") ? LEVELS : null,
                                a.path("strength").asDouble())
                        : null;
        return GenerationRequest.builder(pipeline.model().defaults())
                .prompt(PromptTexts.of(a.path("prompt").asText()))
                .text(new TextOptions(0, true, a.path("max_sequence_length").asInt()))
                .size(a.path("width").asInt(), a.path("height").asInt())
                .seeds(List.of(a.path("seed").asLong()))
                .sampling(
                        SamplingOptions.of(steps, a.path("guidance").asDouble(), sampler)
                                .withGuidanceOptions(GuidanceOptions.parse(variants)))
                .image(image == null || !a.has("soft") ? image : image.softened(true))
                .build();
    }

    private static GenerationRequest masked(String mask, double strength) {
        return Requests.small("gulls", 4, 6L).toBuilder()
                .image(ImageInput.of(PICTURE, mask, strength))
                .build();
    }

    private static GenerationRequest with(GenerationRequest request, ImageInput image) {
        return request.toBuilder().image(image).build();
    }

    /** Black stays to the bit; a soft mask that is white is image-to-image. */
    @Test
    void aSoftMaskKeepsWhatIsBlackAndPaintsWhiteAsWithoutMask() {
        GenerationRequest request = masked(LEVELS, 1);
        ImageInput image = request.image();
        assertNotNull(image);
        Picture initial = Pictures.prepare(image, 64, 48).picture();
        String white = folder.resolve("white.png").toString();
        byte[] samples = new byte[90 * 70];
        Arrays.fill(samples, (byte) 255);
        Picture.of(90, 70, PixelMode.GREY, samples).writePng(Path.of(white));
        ImageInput whole = ImageInput.of(PICTURE, null, 0.75);
        ImageInput soft = ImageInput.of(PICTURE, white, 0.75).softened(true);
        try (Sd3Pipeline pipeline = open("tiny-3.0")) {
            Picture drawn = picture(pipeline, with(request, image.softened(true)));
            for (int x = 0; x < 30; x++) {
                assertEquals(initial.sample(x, 44, 0), drawn.sample(x, 44, 0), "column " + x);
            }
            assertFalse(initial.sample(60, 10, 0) == drawn.sample(60, 10, 0));
            assertArrayEquals(
                    pixels(pipeline, with(request, whole)), pixels(pipeline, with(request, soft)));
        }
    }

    @Test
    void aCropIsDrawnAtTheWholeSizeAndPutBackIntoThePicture() {
        String mask = Goldens.own("inputs/mask.png").toString();
        GenerationRequest request = masked(mask, 0.75);
        ImageInput image = request.image();
        assertNotNull(image);
        Picture whole = Picture.read(Path.of(PICTURE)).toRgb();
        Picture where = Picture.read(Path.of(mask)).toGrey();
        List<ImageInput> inputs =
                List.of(image, image.softened(true), image.withFeather(2), image.withStrength(1));
        try (Sd3Pipeline pipeline = open("tiny-3.0")) {
            for (ImageInput one : inputs) {
                Picture drawn = picture(pipeline, with(request, one.cropped(6)));
                assertEquals(whole.width(), drawn.width());
                assertEquals(whole.height(), drawn.height());
                assertTrue(changed(whole, drawn, one.feather() > 0 ? null : where) > 300);
            }
        }
    }

    /** Counts the pixels that differ; none may where the mask is black. */
    private static int changed(Picture whole, Picture drawn, @Nullable Picture where) {
        int changed = 0;
        for (int y = 0; y < whole.height(); y++) {
            for (int x = 0; x < whole.width(); x++) {
                if (whole.sample(x, y, 1) != drawn.sample(x, y, 1)) {
                    changed++;
                    boolean free = where == null || where.sample(x, y, 0) > 0;
                    assertTrue(free, "changed at %d, %d".formatted(x, y));
                }
            }
        }
        return changed;
    }

    @Test
    void recordRepeatsThePicture() {
        ImageInput image = ImageInput.of(PICTURE, LEVELS, 0.9).softened(true).cropped(3);
        GenerationRequest request =
                with(masked(LEVELS, 1), image).toBuilder()
                        .sampling(
                                SamplingOptions.of(3, 5)
                                        .withGuidanceOptions(
                                                GuidanceOptions.parse("schedule=cosine:1-6:2")))
                        .build();
        try (Sd3Pipeline pipeline = open("tiny-3.0")) {
            GeneratedPicture drawn = pipeline.generate(request, GenerationListener.SILENT).get(0);
            Path file = folder.resolve("drawn.png");
            Provenance.of(pipeline.model(), drawn.request()).write(file, drawn);
            GenerationRequest again = Provenance.read(file).orElseThrow().request();
            assertEquals(drawn.request(), again);
            assertArrayEquals(drawn.picture().samples(), pixels(pipeline, again));
        }
    }

    @Test
    void parallelRequestsEqualSerialOnes() {
        ImageInput image = ImageInput.of(PICTURE, LEVELS, 1);
        GenerationRequest plain = masked(LEVELS, 1);
        List<GenerationRequest> requests =
                List.of(
                        with(plain, image.softened(true)),
                        with(plain, image),
                        with(plain, image.cropped(4)),
                        with(plain, image.softened(true).cropped(0)));
        try (Sd3Pipeline pipeline = open("tiny-3.0")) {
            List<byte[]> serial = requests.stream().map(r -> pixels(pipeline, r)).toList();
            List<CompletableFuture<byte[]>> running =
                    requests.stream()
                            .map(r -> CompletableFuture.supplyAsync(() -> pixels(pipeline, r)))
                            .toList();
            for (int i = 0; i < serial.size(); i++) {
                assertArrayEquals(serial.get(i), running.get(i).join(), "request " + i);
            }
        }
    }

    @Test
    void whatCannotWorkIsRefused() {
        ImageInput bare = ImageInput.of(PICTURE, null, 1);
        refuses("a soft mask needs a mask", () -> bare.softened(true));
        refuses("a crop around the mask needs a mask", () -> bare.cropped(1));
        ImageInput masked = ImageInput.of(PICTURE, LEVELS, 1);
        refuses("must be 0 … 4096 pixels, not 4097", () -> masked.cropped(4097));
        refuses("must be 0 … 4096 pixels, not -1", () -> masked.cropped(-1));
        Path black = folder.resolve("black.png");
        Picture.of(90, 70, PixelMode.GREY, new byte[90 * 70]).writePng(black);
        ImageInput nothing = ImageInput.of(PICTURE, black.toString(), 1).cropped(2);
        refuses("the mask is black everywhere", () -> Pictures.prepare(nothing, 64, 48));
    }

    private static void refuses(String words, Executable call) {
        String message = assertThrows(ArgumentException.class, call).getMessage();
        assertTrue(message.contains(words) && !message.contains("\n"), message);
    }
}
