package dev.stanstudio.sd3.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stanstudio.sd3.checkpoint.ModelPlaces;
import dev.stanstudio.testing.Goldens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Finds control networks beside models, in the hub's cache and in further folders. */
class ControlFinderTest {
    private static final String WEIGHTS = "diffusion_pytorch_model.safetensors";

    @TempDir Path folder;
    private ControlFinder finder;

    @BeforeEach
    void open() {
        Map<String, String> places =
                Map.of(
                        "STUDIO_MODELS", folder.resolve("models").toString(),
                        "HF_HUB_CACHE", folder.resolve("hub").toString());
        finder =
                new ControlFinder(
                        new ModelPlaces(places, folder), List.of(folder.resolve("controls")));
    }

    private Path copied(String network, String place) throws IOException {
        Path to = Files.createDirectories(folder.resolve(place));
        for (String file : List.of("config.json", WEIGHTS)) {
            Files.copy(Goldens.own("controls/" + network).resolve(file), to.resolve(file));
        }
        return to;
    }

    @Test
    void networksAreNamedAndModelsAreNot() throws IOException {
        Path edges = copied("joint", "models/edges");
        Path hub = copied("short", "hub/models--org--canny/snapshots/1");
        Path further = copied("masked", "controls/paint");
        Path file = folder.resolve("models/single.safetensors");
        Files.copy(Goldens.own("controls/alone-original.safetensors"), file);
        Path model = Files.createDirectories(folder.resolve("models/tiny"));
        Path transformer = Goldens.own("tiny-3.0/transformer");
        for (String name : List.of("config.json", WEIGHTS)) {
            Files.copy(transformer.resolve(name), model.resolve(name));
        }
        Files.writeString(folder.resolve("models/torn.safetensors"), "no tensors");
        assertEquals(
                Map.of("edges", edges, "org/canny", hub, "paint", further, "single", file),
                finder.all());
        assertEquals(edges, finder.find("edges"));
        assertEquals(file, finder.find("single"));
        assertEquals(hub, finder.find("org/canny"));
        assertEquals(further, finder.find(further.toString()));
        assertEquals(Path.of("gone"), finder.find("gone"));
    }
}
