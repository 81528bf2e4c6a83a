package dev.stanstudio.adapter.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.model.LoadOptions;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.model.Offload;
import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.sd3.pipeline.FeatureChange;
import dev.stanstudio.sd3.pipeline.GenerationListener;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.pipeline.PromptTexts;
import dev.stanstudio.sd3.pipeline.SamplingOptions;
import dev.stanstudio.sd3.pipeline.Sd3Pipeline;
import dev.stanstudio.sd3.pipeline.TextOptions;
import dev.stanstudio.sd3.pipeline.WeightedAdapter;
import dev.stanstudio.testing.Goldens;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Pictures with STANs against those of diffusers with {@code interop/stan_diffusers.py}, which
 * {@code docs/reference/stan.py} made: every selection, steering, several adapters, the built-in
 * ones.
 */
class DiffusersLoaderTest {
    private static final Path ROOT = Goldens.own("").resolve("../../../../..").normalize();
    private static final Path FOLDER = ROOT.resolve("stan-adapter/src/test/resources/interop");

    static Stream<Arguments> cases() throws IOException {
        JsonNode cases = new ObjectMapper().readTree(FOLDER.resolve("cases.json").toFile());
        assertEquals(13, cases.size());
        return StreamSupport.stream(cases.spliterator(), false)
                .map(one -> Arguments.of(one.path("name").asText(), one));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void drawsTheSameLatents(String name, JsonNode reference) {
        ModelSource source = ModelSource.open(model(reference), null, null);
        LoadOptions options = new LoadOptions(Device.CPU, DType.FP32, Offload.NONE, true);
        try (Sd3Pipeline pipeline = new Sd3Pipeline(Sd3Model.load(source, options));
                Goldens.File golden = new Goldens.File(FOLDER.resolve("latents.safetensors"));
                Scope scope = Scope.open("test")) {
            List<Tensor> last = new ArrayList<>();
            List<String> warnings = new ArrayList<>();
            pipeline.generate(
                    request(pipeline.model(), reference),
                    new GenerationListener() {
                        @Override
                        public boolean wantsTensors() {
                            return true;
                        }

                        @Override
                        public void onTensor(int picture, String tensor, Tensor value) {
                            if (tensor.equals("latents." + steps(reference))) {
                                last.add(Tensors.share(scope, value));
                            }
                        }

                        @Override
                        public void onWarning(String message) {
                            warnings.add(message);
                        }
                    });
            assertEquals(1, last.size());
            assertTrue(warnings.isEmpty(), warnings::toString);
            Goldens.compare(
                    name, last.get(0), golden.tensor(name), reference.path("tolerance").asDouble());
        }
    }

    private static Path model(JsonNode reference) {
        String name = reference.path("model").asText();
        return name.equals("sd3-nano")
                ? ROOT.resolve("sd3-runtime/models/sd3-nano")
                : Goldens.own(name);
    }

    private static int steps(JsonNode reference) {
        return reference.path("arguments").path("num_inference_steps").asInt();
    }

    private static GenerationRequest request(Sd3Model model, JsonNode reference) {
        JsonNode a = reference.path("arguments");
        List<WeightedAdapter> adapters = new ArrayList<>();
        reference
                .path("adapters")
                .forEach(
                        one ->
                                adapters.add(
                                        new WeightedAdapter(
                                                place(one.path("path").asText()).toString(),
                                                null,
                                                one.path("weight").asDouble())));
        List<FeatureChange> features = new ArrayList<>();
        reference.path("steered").forEach(one -> features.add(change(one)));
        return GenerationRequest.builder(model.defaults())
                .prompt(PromptTexts.of(a.path("prompt").asText()))
                .text(new TextOptions(0, true, a.path("max_sequence_length").asInt(256)))
                .size(a.path("width").asInt(), a.path("height").asInt())
                .seeds(List.of(reference.path("seed").asLong()))
                .sampling(SamplingOptions.of(steps(reference), a.path("guidance_scale").asDouble()))
                .adapters(adapters)
                .features(features)
                .build();
    }

    private static Path place(String path) {
        return path.startsWith("adapters/")
                ? FOLDER.resolve(path)
                : ROOT.resolve("stan-adapter/models").resolve(path);
    }

    /** The loader's arguments as this program writes them. */
    private static FeatureChange change(JsonNode one) {
        String operation =
                switch (one.get(2).asText()) {
                    case "scale" -> "x";
                    case "ceiling" -> "<=";
                    default -> "+";
                };
        return FeatureChange.parse(
                "%s:%s=%s%s"
                        .formatted(
                                one.get(0).asText(),
                                one.get(1).asText(),
                                operation,
                                one.get(3).asText()));
    }
}
