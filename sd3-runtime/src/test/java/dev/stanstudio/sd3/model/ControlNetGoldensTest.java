package dev.stanstudio.sd3.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.sd3.mmdit.ControlNet;
import dev.stanstudio.sd3.mmdit.Mmdit;
import dev.stanstudio.testing.Goldens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Control networks against SD3ControlNetModel on the same weights and inputs. */
class ControlNetGoldensTest {
    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource({
        "joint, joint",
        "short, short",
        "masked, masked",
        "alone, alone",
        "alone-original.safetensors, alone",
        "joint/diffusion_pytorch_model.safetensors, joint"
    })
    void equalsTheReference(String file, String name) throws IOException {
        check(Goldens.own("controls").resolve(file), name);
    }

    /** Without a config, everything follows from the shapes. */
    @ParameterizedTest
    @ValueSource(strings = {"joint", "short", "masked", "alone"})
    void needsNoConfigBesideASingleFile(String name) throws IOException {
        Path alone = folder.resolve(name + ".safetensors");
        Path from = Goldens.own("controls").resolve(name);
        Files.copy(from.resolve("diffusion_pytorch_model.safetensors"), alone);
        check(alone, name);
    }

    private static void check(Path file, String name) throws IOException {
        JsonNode json =
                new ObjectMapper().readTree(Goldens.own("controls/" + name + ".json").toFile());
        ModelSource model = ModelSource.open(Goldens.own(json.path("model").asText()), null, null);
        try (Sd3Model loaded = Sd3Model.load(model, LoadOptions.plain());
                ControlSource source = ControlSource.open(file);
                ControlNet network = loaded.control(source);
                Goldens.File golden =
                        new Goldens.File(Goldens.own("controls/" + name + ".safetensors"));
                Scope scope = Scope.open("test")) {
            assertEquals(file.toString().contains("original"), source.isForEdges());
            for (String call : List.of("square", "tall")) {
                List<Tensor> outputs = run(scope, loaded, network, golden, call + ".");
                assertEquals(network.config().numLayers(), outputs.size());
                for (int i = 0; i < outputs.size(); i++) {
                    String block = call + ".block." + i;
                    Goldens.compare(
                            file.getFileName() + " " + block,
                            outputs.get(i),
                            golden.tensor(block),
                            json.path("tolerance").asDouble());
                }
            }
        }
    }

    private static List<Tensor> run(
            Scope scope, Sd3Model model, ControlNet network, Goldens.File golden, String call) {
        Tensor pooled = golden.tensor(call + "pooled_projections");
        String text = call + "encoder_hidden_states";
        Tensor tokens = golden.has(text) ? golden.tensor(text) : pooled;
        Mmdit.Conditioning conditioning = network.condition(scope, tokens, pooled, 1);
        float[] timesteps = golden.tensor(call + "timestep").toFloats();
        double[] wide = new double[timesteps.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = timesteps[i];
        }
        return network.forward(
                scope,
                model.transformer(),
                golden.tensor(call + "hidden_states"),
                wide,
                conditioning,
                network.embedPicture(scope, golden.tensor(call + "controlnet_cond")),
                0.75,
                block -> {});
    }
}
