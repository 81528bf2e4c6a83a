package dev.stanstudio.sd3.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.UserException;
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
import dev.stanstudio.testing.Goldens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pictures drawn with control networks, against the reference's pipelines and against others. */
class ControlTraceTest {
    @TempDir Path folder;

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

    private static Sd3Pipeline open(String model, Offload offload) {
        ModelSource source = ModelSource.open(Goldens.own(model), null, null);
        return new Sd3Pipeline(
                Sd3Model.load(source, new LoadOptions(Device.CPU, DType.FP32, offload, true)));
    }

    private static Sd3Pipeline open(String model) {
        return open(model, Offload.NONE);
    }

    private static byte[] pixels(Sd3Pipeline pipeline, GenerationRequest request) {
        return pipeline.generate(request, GenerationListener.SILENT).get(0).picture().samples();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "one",
                "range",
                "no-guidance",
                "two",
                "no-positions",
                "inpaint",
                "alone",
                "alone-edges"
            })
    void equalsTheReference(String name) throws IOException {
        Path file = Goldens.own("controls/trace-" + name + ".json");
        JsonNode json = new ObjectMapper().readTree(file.toFile());
        JsonNode arguments = json.path("arguments");
        try (Sd3Pipeline pipeline = open(arguments.path("model").asText());
                Goldens.File golden =
                        new Goldens.File(Goldens.own("controls/trace-" + name + ".safetensors"));
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
        List<ControlInput> controls = new ArrayList<>();
        a.path("controls").forEach(one -> controls.add(control(one)));
        GenerationRequest plain =
                GenerationRequest.of(
                        a.path("prompt").asText(),
                        a.path("seed").asLong(),
                        pipeline.model().defaults());
        return plain.toBuilder()
                .text(new TextOptions(0, true, a.path("max_sequence_length").asInt()))
                .size(a.path("width").asInt(), a.path("height").asInt())
                .sampling(
                        plain.sampling()
                                .withSteps(a.path("steps").asInt())
                                .withGuidance(a.path("guidance").asDouble()))
                .controls(controls)
                .build();
    }

    private static ControlInput control(JsonNode json) {
        Path set = Goldens.own("controls").resolveSibling("");
        ControlInput input =
                ControlInput.of(
                        set.resolve("controls").resolve(json.path("control").asText()).toString(),
                        set.resolve(json.path("picture").asText()).toString());
        if (json.has("mask")) {
            input = input.masked(set.resolve(json.path("mask").asText()).toString());
        }
        if (json.path("edges").asBoolean()) {
            input = input.preparedBy(Preprocessor.parse("edges"));
        }
        return input.scaled(json.path("scale").asDouble())
                .during(json.path("start").asDouble(0), json.path("end").asDouble(1));
    }

    private static ControlInput joint() {
        return ControlInput.of(
                Goldens.own("controls/joint").toString(),
                Goldens.own("controls/second.png").toString());
    }

    private static GenerationRequest with(ControlInput... controls) {
        return Requests.small("gulls", 2, 5L).toBuilder().controls(List.of(controls)).build();
    }

    @Test
    void scaleZeroEqualsNoControl() {
        try (Sd3Pipeline pipeline = open("tiny-3.0")) {
            byte[] plain = pixels(pipeline, with());
            assertArrayEquals(plain, pixels(pipeline, with(joint().scaled(0))));
            assertTrue(!java.util.Arrays.equals(plain, pixels(pipeline, with(joint()))));
        }
    }

    @ParameterizedTest
    @EnumSource(Offload.class)
    void pictureIsTheSameAloneAndAmongOthersAndOffloaded(Offload offload) {
        GenerationRequest three = with(joint()).toBuilder().seeds(List.of(4L, 5L, 6L)).build();
        try (Sd3Pipeline kept = open("tiny-3.0");
                Sd3Pipeline pipeline = open("tiny-3.0", offload)) {
            List<GeneratedPicture> all = pipeline.generate(three, GenerationListener.SILENT);
            assertArrayEquals(pixels(kept, with(joint())), all.get(1).picture().samples());
        }
    }

    @Test
    void parallelRequestsEqualSerialOnes() {
        try (Sd3Pipeline pipeline = open("tiny-3.0")) {
            List<GenerationRequest> requests =
                    List.of(
                            with(joint()),
                            with(),
                            with(joint().scaled(0.4)),
                            with(joint(), joint().during(0, 0.5)));
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
    void recordRepeatsThePictureAndKnowsChangedFiles() throws IOException {
        Path picture = folder.resolve("lines.png");
        Files.copy(Path.of(joint().picture()), picture);
        ControlInput control =
                ControlInput.of(joint().path(), picture.toString())
                        .preparedBy(Preprocessor.parse("blur(1.5)"))
                        .scaled(0.7);
        try (Sd3Pipeline pipeline = open("tiny-3.0")) {
            GeneratedPicture drawn =
                    pipeline.generate(with(control), GenerationListener.SILENT).get(0);
            Path file = folder.resolve("drawn.png");
            Provenance.of(pipeline.model(), drawn.request()).write(file, drawn);
            GenerationRequest again = Provenance.read(file).orElseThrow().request();
            assertEquals(drawn.request(), again);
            ControlInput kept = again.controls().get(0);
            assertNotNull(kept.fingerprint());
            assertNotNull(kept.pictureSha256());
            assertArrayEquals(drawn.picture().samples(), pixels(pipeline, again));
            Picture.of(1, 1, PixelMode.GREY, new byte[1]).writePng(picture);
            UserException refusal =
                    assertThrows(UserException.class, () -> pixels(pipeline, again));
            assertTrue(refusal.getMessage().contains("hash differs"), refusal.getMessage());
        }
    }

    @Test
    void skippedBlocksAndOtherGuidanceKeepTheControl() {
        SkipLayerGuidance skip = new SkipLayerGuidance(List.of(0), 2.8, 0, 1);
        try (Sd3Pipeline pipeline = open("tiny-3.5")) {
            ControlInput alone =
                    ControlInput.of(Goldens.own("controls/alone").toString(), joint().picture());
            GenerationRequest plain = with().toBuilder().skipLayer(skip).build();
            GenerationRequest steered = plain.toBuilder().controls(List.of(alone)).build();
            assertNotEquals(
                    pipeline.generate(plain, GenerationListener.SILENT).get(0).picture(),
                    pipeline.generate(steered, GenerationListener.SILENT).get(0).picture());
        }
    }

    @Test
    void refusesWhatDoesNotFit() throws IOException {
        Path text = Files.writeString(folder.resolve("a.png"), "no picture");
        Path mask = Goldens.own("inputs/mask.png");
        String picture = joint().picture();
        ControlInput masked = ControlInput.of(Goldens.own("controls/masked").toString(), picture);
        try (Sd3Pipeline three = open("tiny-3.0");
                Sd3Pipeline medium = open("tiny-3.5")) {
            refuses(medium, joint(), "64 wide");
            refuses(three, ControlInput.of(joint().path(), text.toString()), "not a PNG");
            refuses(three, ControlInput.of(joint().path(), "gone.png"), "gone.png");
            refuses(three, ControlInput.of("gone", picture), "there is no ControlNet at gone");
            refuses(three, joint().masked(mask.toString()), "reads no mask");
            refuses(medium, masked, "needs a mask");
            refuses(medium, masked.masked(mask.toString()), "the picture's size");
            refuses(three, joint().during(0.1, 0.2), "holds none of 2 steps");
            ImageInput image = new ImageInput(picture, null, null, null, 0.5);
            refuses(
                    three,
                    with(joint().during(0, 0.5)).toBuilder().image(image).build(),
                    "holds none of the steps 2 to 2 of 2 that follow the initial picture");
        }
        assertThrows(ArgumentException.class, () -> joint().during(0.5, 0.5));
        assertThrows(ArgumentException.class, () -> joint().scaled(Double.NaN));
    }

    private static void refuses(Sd3Pipeline pipeline, ControlInput control, String words) {
        refuses(pipeline, with(control), words);
    }

    private static void refuses(Sd3Pipeline pipeline, GenerationRequest request, String words) {
        UserException refusal =
                assertThrows(
                        UserException.class,
                        () -> pipeline.generate(request, GenerationListener.SILENT));
        String message = String.valueOf(refusal.getMessage());
        assertTrue(message.contains(words) && !message.contains("\n"), message);
    }
}
