package dev.stanstudio.sd3.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.mmdit.ImagePrompt;
import dev.stanstudio.sd3.mmdit.IpAdapter;
import dev.stanstudio.sd3.mmdit.Mmdit;
import dev.stanstudio.sd3.mmdit.Perturbation;
import dev.stanstudio.sd3.mmdit.SiglipTower;
import dev.stanstudio.testing.Goldens;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** IP-Adapters and their image encoders against diffusers and transformers on the same weights. */
class IpAdapterGoldensTest {
    @ParameterizedTest
    @ValueSource(strings = {"plain", "dual"})
    void encoderEqualsTheReference(String name) throws IOException {
        try (Opened opened = new Opened(name);
                SiglipTower tower = opened.model.tower(opened.source);
                Scope scope = Scope.open("test")) {
            List<Picture> pictures =
                    List.of(
                            Picture.read(Goldens.own("inputs/picture.png")),
                            Picture.read(Goldens.own("controls/second.png")));
            Tensor pixels = opened.source.scaling().pixels(scope, pictures);
            Goldens.compare(name + " pixels", pixels, opened.golden.tensor("pixels"), 1e-6);
            Tensor features = tower.features(scope, pixels, () -> {});
            opened.compare("hidden_states", features);
        }
    }

    @ParameterizedTest
    @CsvSource({"plain, square, 2", "plain, tall, 1", "dual, square, 2", "dual, tall, 1"})
    void transformerEqualsTheReference(String name, String call, int rows) throws IOException {
        try (Opened opened = new Opened(name);
                IpAdapter adapter = opened.model.ipAdapter(opened.source);
                Scope scope = Scope.open("test")) {
            Goldens.File golden = opened.golden;
            Tensor embeds = golden.tensor(call + ".embeds");
            long[] shape = {rows, embeds.size(0) / rows, embeds.size(1), embeds.size(2)};
            Tensor features = Tensors.reshape(scope, embeds, shape);
            float[] timesteps = golden.tensor(call + ".timestep").toFloats();
            double[] wide = new double[rows];
            for (int i = 0; i < rows; i++) {
                wide[i] = timesteps[i];
            }
            IpAdapter.Tokens tokens = adapter.tokens(scope, features, wide);
            opened.compare(call + ".tokens", tokens.tokens());
            opened.compare(call + ".time", tokens.time());
            Mmdit transformer = opened.model.transformer();
            Mmdit.Conditioning text =
                    transformer
                            .condition(
                                    scope,
                                    golden.tensor(call + ".encoder_hidden_states"),
                                    golden.tensor(call + ".pooled_projections"),
                                    1)
                            .seeing(
                                    new ImagePrompt(
                                            adapter,
                                            features,
                                            opened.json.path("scale").asDouble()));
            Tensor sample =
                    transformer.forward(
                            scope,
                            golden.tensor(call + ".hidden_states"),
                            wide,
                            text,
                            Perturbation.NONE,
                            block -> {});
            opened.compare(call + ".sample", sample);
        }
    }

    private static final class Opened implements AutoCloseable {
        private final String name;
        private final JsonNode json;
        private final Sd3Model model;
        private final IpAdapterSource source;
        private final Goldens.File golden;

        Opened(String name) throws IOException {
            this.name = name;
            json =
                    new ObjectMapper()
                            .readTree(Goldens.own("ip-adapters/" + name + ".json").toFile());
            ModelSource files =
                    ModelSource.open(Goldens.own(json.path("model").asText()), null, null);
            model = Sd3Model.load(files, LoadOptions.plain());
            source = IpAdapterSource.open(Goldens.own("ip-adapters/" + name));
            golden = new Goldens.File(Goldens.own("ip-adapters/" + name + ".safetensors"));
        }

        void compare(String tensor, Tensor ours) {
            double allowed = json.path("tolerance").path(tensor).asDouble();
            Goldens.compare(name + " " + tensor, ours, golden.tensor(tensor), allowed);
        }

        @Override
        public void close() {
            golden.close();
            source.close();
            model.close();
        }
    }
}
