package dev.stanstudio.web.grid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.Sha256;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.web.generate.DrawingStudio;
import dev.stanstudio.web.home.JsonText;
import dev.stanstudio.web.matrix.MatrixCell;
import dev.stanstudio.web.matrix.PictureSettings;
import dev.stanstudio.web.picture.PictureTable;
import dev.stanstudio.web.picture.StoredPicture;
import dev.stanstudio.web.testing.PartialAdapter;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same matrix as a grid's YAML and by the page's form. */
class GridAndFormTest {
    private static final String FORM = "application/x-www-form-urlencoded";

    /** Method, prompt and seed tell the cells apart. */
    private record Key(String method, String prompt, long seed) {}

    @TempDir Path folder;

    private Map<Key, GenerationRequest> byForm(DrawingStudio studio) {
        String fields =
                "prompts=a+cat%0Aa+dog&syntax=weighted&style=&style=anime&seeds=4-5&method=none&method=half.safetensors"
                    + "&weight-half.safetensors=0.5&negative=%28blur%3A1.2%29&steps=3&guidance=2.5&width=64&height=32"
                    + "&sampler=euler&model="
                        + URLEncoder.encode(DrawingStudio.model(), StandardCharsets.UTF_8);
        HttpResponse<byte[]> answer = studio.visitor().post("/generate", FORM, fields);
        assertTrue(answer.statusCode() < 400, DrawingStudio.Visitor.text(answer));
        PictureTable table = studio.pictures();
        Map<Key, GenerationRequest> requests = new HashMap<>();
        for (StoredPicture picture : table.ofMatrix(table.newest(1).get(0).id())) {
            GenerationRequest request = table.request(picture.id()).orElseThrow();
            String method = picture.subject().method().equals("None") ? "none" : "half";
            requests.put(
                    new Key(method, request.prompt().text(), picture.subject().seed()),
                    withoutHash(request));
        }
        return requests;
    }

    private static final String SETTINGS = "\"settingsSha256\":\"[0-9a-f]{64}\",";

    /**
     * The form asks for the very file that was ticked, with its settings; a grid takes what is at
     * its path.
     */
    private GenerationRequest withoutHash(GenerationRequest request) {
        String hash = Sha256.ofFile(folder.resolve("adapters").resolve("half.safetensors"));
        String json = JsonText.write(request);
        String known = "\"sha256\":\"%s\",".formatted(hash);
        assertEquals(request.adapters().isEmpty(), !json.contains(known), json);
        String without = json.replace(known, "").replaceAll(SETTINGS, "");
        assertEquals(request.adapters().isEmpty(), !json.matches(".*" + SETTINGS + ".*"), json);
        return JsonText.read(without, GenerationRequest.class);
    }

    private Map<Key, GenerationRequest> byYaml(DrawingStudio studio) throws IOException {
        String text =
                """
                contents: [a cat, a dog]
                styles: [plain, anime]
                seeds: 4-5
                adapters: {none: [], half: adapters/half.safetensors=0.5}
                negative-prompt: (blur:1.2)
                prompt-syntax: weighted
                steps: 3
                guidance: 2.5
                width: 64
                height: 32
                """;
        Grid grid = GridFile.read(Files.writeString(folder.resolve("grid.yaml"), text));
        PictureSettings settings = grid.settings(studio.defaults());
        Map<Key, GenerationRequest> requests = new HashMap<>();
        for (MatrixCell cell : grid.cells()) {
            requests.put(
                    new Key(cell.method(), cell.pair().prompt(), cell.seed()),
                    cell.request(settings));
        }
        return requests;
    }

    @Test
    void theSameMatrixAsksForTheSamePictures() throws IOException {
        Files.createDirectories(folder.resolve("adapters"));
        PartialAdapter.write(folder.resolve("adapters").resolve("half.safetensors"));
        try (DrawingStudio studio = new DrawingStudio(folder, 0)) {
            Map<Key, GenerationRequest> byForm = byForm(studio);
            Map<Key, GenerationRequest> byYaml = byYaml(studio);
            assertEquals(16, byYaml.size());
            assertEquals(byYaml, byForm);
            assertEquals(
                    List.of(
                            "a cat",
                            "a cat, in the style of anime",
                            "a dog",
                            "a dog, in the style of anime"),
                    List.copyOf(new TreeSet<>(byForm.keySet().stream().map(Key::prompt).toList())));
        }
    }

    private Map<Key, GenerationRequest> stored(DrawingStudio studio) {
        PictureTable table = studio.pictures();
        Map<Key, GenerationRequest> requests = new HashMap<>();
        for (StoredPicture picture : table.ofMatrix(table.newest(1).get(0).id())) {
            GenerationRequest request = table.request(picture.id()).orElseThrow();
            String method =
                    picture.subject()
                            .method()
                            .replace("None", "none")
                            .replace("half.safetensors", "half");
            requests.put(
                    new Key(method, request.prompt().text(), picture.subject().seed()),
                    withoutHash(request));
        }
        return requests;
    }

    private Map<Key, GenerationRequest> axesByYaml(DrawingStudio studio) throws IOException {
        String text =
                """
                contents: [a cat]
                seeds: 4-5
                adapters: {none: [], half: adapters/half.safetensors}
                width: 64
                height: 48
                axes: {weight: [0.5, 1], guidance: 1-3/2, sampler: "euler, heun"}
                """;
        Grid grid = GridFile.read(Files.writeString(folder.resolve("axes.yaml"), text));
        PictureSettings settings = grid.settings(studio.defaults());
        Map<Key, GenerationRequest> requests = new HashMap<>();
        Set<String> files = new TreeSet<>();
        for (MatrixCell cell : grid.cells()) {
            files.add(cell.file());
            requests.put(
                    new Key(cell.method(), cell.pair().prompt(), cell.seed()),
                    cell.request(settings));
        }
        assertEquals(requests.size(), files.size(), "each picture has a file of its own");
        return requests;
    }

    @Test
    void theSameAxesAskForTheSamePictures() throws IOException {
        Files.createDirectories(folder.resolve("adapters"));
        PartialAdapter.write(folder.resolve("adapters").resolve("half.safetensors"));
        try (DrawingStudio studio = new DrawingStudio(folder, 0)) {
            Map<Key, GenerationRequest> byYaml = axesByYaml(studio);
            String form =
                    "prompts=a+cat&seeds=4-5&method=none&method=half.safetensors&steps="
                            + studio.defaults().steps()
                            + "&width=64&height=48&sampler=euler&axis1=weight&values1=0.5-1/0.5"
                            + "&axis2=guidance&values2=1,3&axis3=sampler&values3=euler,heun&model="
                            + URLEncoder.encode(DrawingStudio.model(), StandardCharsets.UTF_8);
            HttpResponse<byte[]> answer = studio.visitor().post("/generate", FORM, form);
            assertTrue(answer.statusCode() < 400, DrawingStudio.Visitor.text(answer));
            Map<Key, GenerationRequest> byForm = stored(studio);
            studio.visitor()
                    .order(
                            "\"prompts\":[\"a cat\"],\"seeds\":[4,5],"
                                    + "\"methods\":[\"none\",\"half.safetensors\"],"
                                    + "\"axes\":{\"weight\":[0.5,1],\"guidance\":[1,3],"
                                    + "\"sampler\":\"euler,heun\"}");
            assertEquals(24, byYaml.size(), "16 with the adapter; without it, weights are alike");
            assertEquals(byYaml, byForm);
            assertEquals(byYaml, stored(studio));
            GenerationRequest one =
                    byYaml.get(
                            new Key("half · weight 0.5 · guidance 3 · sampler heun", "a cat", 5));
            assertEquals(0.5, one.adapters().get(0).weight());
            assertEquals(3, one.sampling().guidance());
            assertEquals("heun", one.sampling().sampler().label());
        }
    }
}
