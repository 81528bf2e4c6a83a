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
import dev.stanstudio.sd3.pipeline.IpAdapterInput.StylePicture;
import dev.stanstudio.testing.Goldens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pictures drawn with IP-Adapters, against the reference's pipeline and against others. */
class IpAdapterTraceTest {
    private static final String PICTURE = Goldens.own("inputs/picture.png").toString();
    private static final String SECOND = Goldens.own("controls/second.png").toString();

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

    private static Sd3Pipeline open(String model, Offload offload, DType dtype) {
        ModelSource source = ModelSource.open(Goldens.own(model), null, null);
        return new Sd3Pipeline(
                Sd3Model.load(source, new LoadOptions(Device.CPU, dtype, offload, true)));
    }

    private static Sd3Pipeline open(String model) {
        return open(model, Offload.NONE, DType.FP32);
    }

    private static byte[] pixels(Sd3Pipeline pipeline, GenerationRequest request) {
        return pipeline.generate(request, GenerationListener.SILENT).get(0).picture().samples();
    }

    private static IpAdapterInput adapter(String name, double scale, String... pictures) {
        return new IpAdapterInput(
                Goldens.own("ip-adapters/" + name).toString(),
                null,
                scale,
                Arrays.stream(pictures).map(one -> new StylePicture(one, null)).toList());
    }

    private static GenerationRequest with(@Nullable IpAdapterInput adapter) {
        return Requests.small("gulls", 2, 5L).withIpAdapter(adapter);
    }

    @ParameterizedTest
    @ValueSource(strings = {"one", "several", "alone", "dual", "dual-several"})
    void equalsTheReference(String name) throws IOException {
        Path file = Goldens.own("ip-adapters/trace-" + name + ".json");
        JsonNode json = new ObjectMapper().readTree(file.toFile());
        JsonNode arguments = json.path("arguments");
        try (Sd3Pipeline pipeline = open(arguments.path("model").asText());
                Goldens.File golden =
                        new Goldens.File(
                                Goldens.own("ip-adapters/trace-" + name + ".safetensors"));
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
        List<String> pictures = new ArrayList<>();
        a.path("pictures").forEach(one -> pictures.add(Goldens.own(one.asText()).toString()));
        GenerationRequest plain =
                GenerationRequest.of(
                        a.path("prompt").asText(),
                        a.path("seed").asLong(),
                        pipeline.model().defaults());
        return plain.toBuilder()
                .negative(PromptTexts.of(a.path("negative_prompt").asText("")))
                .text(new TextOptions(0, true, a.path("max_sequence_length").asInt()))
                .size(a.path("width").asInt(), a.path("height").asInt())
                .sampling(
                        plain.sampling()
                                .withSteps(a.path("steps").asInt())
                                .withGuidance(a.path("guidance").asDouble()))
                .ipAdapter(
                        adapter(
                                a.path("adapter").asText(),
                                a.path("scale").asDouble(),
                                pictures.toArray(String[]::new)))
                .build();
    }

    @Test
    void scaleZeroEqualsNoAdapter() {
        try (Sd3Pipeline pipeline = open("tiny-3.0")) {
            byte[] plain = pixels(pipeline, with(null));
            assertArrayEquals(plain, pixels(pipeline, with(adapter("plain", 0, PICTURE))));
            assertFalse(Arrays.equals(plain, pixels(pipeline, with(adapter("plain", 1, PICTURE)))));
        }
    }

    @ParameterizedTest
    @EnumSource(Offload.class)
    void pictureIsTheSameAloneAndAmongOthersAndOffloaded(Offload offload) {
        IpAdapterInput adapter = adapter("dual", 0.9, PICTURE, SECOND);
        GenerationRequest three = with(adapter).toBuilder().seeds(List.of(4L, 5L, 6L)).build();
        try (Sd3Pipeline kept = open("tiny-3.5");
                Sd3Pipeline pipeline = open("tiny-3.5", offload, DType.FP32)) {
            List<GeneratedPicture> all = pipeline.generate(three, GenerationListener.SILENT);
            assertArrayEquals(pixels(kept, with(adapter)), all.get(1).picture().samples());
        }
    }

    @Test
    void parallelRequestsEqualSerialOnes() {
        try (Sd3Pipeline pipeline = open("tiny-3.0")) {
            List<GenerationRequest> requests =
                    List.of(
                            with(adapter("plain", 1, PICTURE)),
                            with(null),
                            with(adapter("plain", 0.4, SECOND)),
                            with(adapter("plain", 1, PICTURE, SECOND)));
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

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"FP16", "BF16"})
    void halfTypesShowThePictureToo(DType dtype) {
        try (Sd3Pipeline pipeline = open("tiny-3.5", Offload.NONE, dtype)) {
            byte[] plain = pixels(pipeline, with(null));
            assertFalse(Arrays.equals(plain, pixels(pipeline, with(adapter("dual", 1, PICTURE)))));
        }
    }

    @Test
    void otherGuidanceAndControlNetworksGoTogetherWithIt() {
        SkipLayerGuidance skip = new SkipLayerGuidance(List.of(0), 2.8, 0, 1);
        ControlInput control = ControlInput.of(Goldens.own("controls/joint").toString(), SECOND);
        try (Sd3Pipeline pipeline = open("tiny-3.0")) {
            GenerationRequest plain =
                    with(null).toBuilder().skipLayer(skip).controls(List.of(control)).build();
            GenerationRequest shown = plain.withIpAdapter(adapter("plain", 0.8, PICTURE));
            assertFalse(Arrays.equals(pixels(pipeline, plain), pixels(pipeline, shown)));
        }
    }

    @Test
    void recordRepeatsThePictureAndKnowsChangedFiles() throws IOException {
        Path picture = Files.copy(Path.of(SECOND), folder.resolve("lines.png"));
        try (Sd3Pipeline pipeline = open("tiny-3.0")) {
            GenerationRequest request = with(adapter("plain", 0.7, PICTURE, picture.toString()));
            GeneratedPicture drawn = pipeline.generate(request, GenerationListener.SILENT).get(0);
            Path file = folder.resolve("drawn.png");
            Provenance.of(pipeline.model(), drawn.request()).write(file, drawn);
            GenerationRequest again = Provenance.read(file).orElseThrow().request();
            assertEquals(drawn.request(), again);
            IpAdapterInput kept = again.ipAdapter();
            assertNotNull(kept);
            assertNotNull(kept.fingerprint());
            assertTrue(kept.pictures().stream().allMatch(one -> one.sha256() != null));
            assertArrayEquals(drawn.picture().samples(), pixels(pipeline, again));
            Picture.of(1, 1, PixelMode.GREY, new byte[1]).writePng(picture);
            UserException refusal =
                    assertThrows(UserException.class, () -> pixels(pipeline, again));
            assertTrue(refusal.getMessage().contains("hash differs"), refusal.getMessage());
        }
    }

    @Test
    void refusesWhatDoesNotFit() throws IOException {
        Path text = Files.writeString(folder.resolve("a.png"), "no picture");
        try (Sd3Pipeline three = open("tiny-3.0");
                Sd3Pipeline medium = open("tiny-3.5")) {
            refuses(medium, adapter("plain", 1, PICTURE), "is 64 wide, ");
            refuses(three, adapter("plain", 1, text.toString()), "not a PNG");
            refuses(three, adapter("plain", 1, "gone.png"), "gone.png");
            refuses(three, adapter("gone", 1, PICTURE), "there is no IP-Adapter at ");
        }
        assertThrows(ArgumentException.class, () -> adapter("plain", 5.1, PICTURE));
        assertThrows(ArgumentException.class, () -> adapter("plain", -0.1, PICTURE));
        assertThrows(ArgumentException.class, () -> adapter("plain", Double.NaN, PICTURE));
        assertThrows(ArgumentException.class, () -> adapter("plain", 1));
    }

    private static void refuses(Sd3Pipeline pipeline, IpAdapterInput adapter, String words) {
        UserException refusal =
                assertThrows(
                        UserException.class,
                        () -> pipeline.generate(with(adapter), GenerationListener.SILENT));
        String message = String.valueOf(refusal.getMessage());
        assertTrue(message.contains(words) && !message.contains("\n"), message);
    }
}
