package dev.stanstudio.web.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.Sha256;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.sd3.metadata.PngText;
import dev.stanstudio.sd3.metadata.Provenance;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.pipeline.WeightedAdapter;
import dev.stanstudio.web.generate.DrawingStudio.Ordered;
import dev.stanstudio.web.generate.DrawingStudio.Visitor;
import dev.stanstudio.web.picture.PictureTable;
import dev.stanstudio.web.testing.SavedStatesOfRun;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Draws along saved states of a training and weights of blocks. */
class SavedStatesTest {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String SMALL = "\"prompts\":[\"a boat\"],\"steps\":2,\"guidance\":1,";

    @TempDir Path folder;
    private Path run;
    private DrawingStudio studio;
    private Visitor visitor;

    @BeforeEach
    void open() throws IOException {
        run = folder.resolve("adapters/run");
        SavedStatesOfRun.write(run);
        studio = new DrawingStudio(folder, 1);
        visitor = studio.visitor();
    }

    @AfterEach
    void close() {
        studio.close();
    }

    private Map<String, Path> drawn(String more) throws IOException {
        Ordered ordered = visitor.order(SMALL + more).awaitDone();
        Map<String, Path> files = new LinkedHashMap<>();
        List<JsonNode> pictures = ordered.pictures();
        for (int i = 0; i < pictures.size(); i++) {
            Path file = Files.createTempFile(folder, "drawn", ".png");
            files.put(pictures.get(i).path("method").asText(), Files.write(file, ordered.png(i)));
        }
        return files;
    }

    private static byte[] pixels(Path file) {
        return Picture.read(file).samples();
    }

    @Test
    void everyStateIsAPictureWhoseRecordNamesIt() throws IOException {
        Map<String, Path> files =
                drawn(
                        "\"methods\":[\"none\",\"run\"],\"axes\":{\"checkpoint\":\"10-20/10,"
                                + " final\"}");
        assertEquals(
                List.of(
                        "None",
                        "run · checkpoint 10",
                        "run · checkpoint 20",
                        "run · checkpoint final"),
                List.copyOf(files.keySet()));
        assertEquals(
                4,
                files.values().stream()
                        .map(file -> Arrays.hashCode(pixels(file)))
                        .distinct()
                        .count(),
                "no two are alike");
        Path drawn = files.get("run · checkpoint 10");
        WeightedAdapter use = Provenance.read(drawn).orElseThrow().request().adapters().get(0);
        String hash = Sha256.ofFile(SavedStatesOfRun.tensors(run, 10));
        assertTrue(use.toPath().endsWith("run/checkpoints/0000010"), use.path());
        assertEquals(hash, use.sha256());
        String line = PngText.read(drawn).get("parameters");
        assertTrue(line.contains("run step 10: " + hash.substring(0, 10) + " × 1"), line);
    }

    @Test
    void weightsOfBlocksAreAnAxis() throws IOException {
        Map<String, Path> files =
                drawn(
                        "\"methods\":[\"none\",\"run\",\"run=0.5\"],"
                                + "\"axes\":{\"blocks\":[\"0\",\"0:0,1:7\",\"0:.5\"]}");
        byte[] without = pixels(files.get("None"));
        assertArrayEquals(
                without, pixels(files.get("run · blocks 0:0,1:7")), "only block 0 has it");
        byte[] half = pixels(files.get("run · blocks 0:0.5"));
        assertArrayEquals(half, pixels(files.get("run=0.5 · blocks 0")));
        assertFalse(Arrays.equals(half, without));
        assertFalse(Arrays.equals(half, pixels(files.get("run · blocks 0"))));
        String line = PngText.read(files.get("run · blocks 0:0.5")).get("parameters");
        assertTrue(line.contains("× 1 in blocks 0:0.5"), line);
        Map<String, Path> named = drawn("\"methods\":[\"run=1@blocks=0:0.5\"]");
        assertArrayEquals(half, pixels(named.get("run=1@blocks=0:0.5")), named::toString);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "run  | checkpoint | 15  | run has no saved state of step 15; there are 10, 20,"
                        + " final",
                "none | checkpoint | 10  | the axis checkpoint needs an adapter with saved states",
                "run  | checkpoint | x   | 'x'",
                "run  | blocks     | 9:0 | the block weights '9:0' name block 9",
                "run@blocks=9:0 | blocks | 0 | the block weights '9:0' name block 9",
                "run  | blocks     | 0:x | must be a number, not 'x'",
                "none | blocks     | 0   | the axis blocks needs an adapter among the methods",
                "none | feature    | attn.to_q:17=x0 | the axis feature needs STANs as methods; the"
                        + " model alone",
            })
    void whatIsNotThereIsNamedInOneLine(String method, String axis, String value, String said) {
        String body =
                "{%s\"methods\":[\"%s\"],\"axes\":{\"%s\":\"%s\"}}"
                        .formatted(SMALL, method, axis, value);
        HttpResponse<byte[]> answer = visitor.post("/api/matrices", "application/json", body);
        assertEquals(400, answer.statusCode());
        assertTrue(Visitor.text(answer).contains(said), Visitor.text(answer));
    }

    private GenerationRequest newest() {
        PictureTable table = studio.pictures();
        return table.request(table.ofMatrix(table.newest(1).get(0).id()).get(0).id()).orElseThrow();
    }

    /** A state and the weights of blocks in the form are used, recalled and drawn again. */
    @Test
    void theFormChoosesAStateAndShowsItAgain() throws IOException {
        String form =
                "prompts=a+boat&seeds=3&steps=2&width=64&height=48&sampler=euler&method=run"
                        + "&step-run=20&blocks-run=0-1:0.5&weight-run=2&model="
                        + URLEncoder.encode(DrawingStudio.model(), StandardCharsets.UTF_8);
        HttpResponse<byte[]> answer = visitor.post("/generate", FORM, form);
        assertTrue(answer.statusCode() < 400, Visitor.text(answer));
        WeightedAdapter use = newest().adapters().get(0);
        assertEquals(SavedStatesOfRun.tensors(run, 20).getParent(), use.toPath());
        assertEquals("0-1:0.5", use.blocks().toString());
        assertEquals(2, use.weight());
        String id = studio.pictures().newest(1).get(0).id();
        Ordered ordered = new Ordered(visitor, id).awaitDone();
        assertEquals(
                "run step 20 × 2.0 blocks 0-1:0.5",
                ordered.pictures().get(0).path("method").asText());
        HttpResponse<byte[]> more = visitor.post("/pictures/" + ordered.id(0) + "/vary", FORM, "");
        assertTrue(more.statusCode() < 400, Visitor.text(more));
        assertEquals(List.of(use), newest().adapters(), "the same state with other seeds");
        new Ordered(visitor, studio.pictures().newest(1).get(0).id()).awaitDone();
        Files.move(run, run.resolveSibling("renamed"));
        String page = Visitor.text(visitor.get("/generate?from=" + ordered.id(0)));
        assertTrue(page.contains("name=\"blocks-renamed\" value=\"0-1:0.5\""), page);
        assertTrue(page.contains("<option value=\"20\" selected"), page);
        assertFalse(page.contains("is left out"), page);
    }
}
