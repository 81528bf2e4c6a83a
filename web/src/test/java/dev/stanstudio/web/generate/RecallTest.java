package dev.stanstudio.web.generate;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.sd3.metadata.PngText;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.pipeline.TextOptions;
import dev.stanstudio.web.generate.DrawingStudio.Ordered;
import dev.stanstudio.web.generate.DrawingStudio.Visitor;
import dev.stanstudio.web.picture.PictureTable;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reuses finished pictures and reads the settings of dropped ones. */
class RecallTest {
    private static final String BOUNDARY = "frontier";
    private static final String FORM = "application/x-www-form-urlencoded";

    @TempDir Path folder;
    private DrawingStudio studio;
    private Visitor visitor;

    @BeforeEach
    void open() {
        studio = new DrawingStudio(folder, 1);
        visitor = studio.visitor();
    }

    @AfterEach
    void close() {
        studio.close();
    }

    private Ordered drawn() {
        return visitor.order(
                        "\"prompts\":[\"a red boat\"],\"styles\":[\"woodcut\",\"\"],\"seeds\":[5],"
                                + "\"steps\":2,\"guidance\":3.5,\"negative\":\"fog\"")
                .awaitDone();
    }

    private HttpResponse<byte[]> drop(byte[] file) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        String head =
                "--"
                        + BOUNDARY
                        + "\r\nContent-Disposition: form-data; name=\"picture\";"
                        + " filename=\"x.png\"\r\nContent-Type: image/png\r\n\r\n";
        body.write(head.getBytes(StandardCharsets.UTF_8));
        body.write(file);
        body.write(("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return visitor.send(
                visitor.request("/generate/recall")
                        .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()))
                        .build());
    }

    private static void assertShows(String form, String... parts) {
        for (String part : parts) {
            assertTrue(form.contains(part), "no " + part + " in " + form);
        }
    }

    @Test
    void ourPictureFillsTheForm() throws IOException {
        String form = Visitor.text(drop(drawn().png(0)));
        assertShows(
                form,
                ">a red boat</textarea>",
                "name=\"style\" value=\"woodcut\" checked",
                "id=\"seeds\" name=\"seeds\" value=\"5\"",
                "name=\"steps\" inputmode=\"numeric\" value=\"2\"",
                "value=\"3.5\"",
                "value=\"fog\"");
        assertFalse(form.contains("class=\"note\""), form);
    }

    @Test
    void a1111sPictureFillsTheForm() throws IOException {
        Path file = folder.resolve("foreign.png");
        PngText.write(
                file,
                Picture.of(2, 2, PixelMode.RGB, new byte[12]),
                Map.of(
                        "parameters",
                        "a tower\nNegative prompt: rain\nSteps: 7, Sampler: Euler, CFG scale: 6,"
                                + " Seed: 99, Size: 64x32"));
        assertShows(
                Visitor.text(drop(Files.readAllBytes(file))),
                ">a tower</textarea>",
                "value=\"rain\"",
                "value=\"99\"",
                "value=\"7\"",
                "Settings of another program");
    }

    /**
     * The field of styles would make one style of each word between commas, and a picture of each.
     */
    @Test
    void aStyleThatTheFieldCannotHoldStaysInThePrompt() throws IOException {
        for (String style : List.of("Monet, oil on canvas", "x".repeat(300))) {
            String prompt = "a tower, in the style of " + style;
            String form =
                    Visitor.text(
                            drop(
                                    png(
                                            Map.of(
                                                    "parameters",
                                                    prompt
                                                            + "\n"
                                                            + "Steps: 7, Sampler: Euler, CFG scale:"
                                                            + " 6, Seed: 9"))));
            assertShows(form, ">" + prompt + "</textarea>");
        }
    }

    private byte[] png(Map<String, String> texts) throws IOException {
        Path file = folder.resolve("foreign.png");
        PngText.write(file, Picture.of(2, 2, PixelMode.RGB, new byte[12]), texts);
        return Files.readAllBytes(file);
    }

    @Test
    void comfysPictureFillsTheForm() throws IOException {
        String graph =
                """
                {"1": {"class_type": "CLIPTextEncode", "inputs": {"text": "a tower"}},
                 "2": {"class_type": "CLIPTextEncode", "inputs": {"text": "rain"}},
                 "3": {"class_type": "EmptySD3LatentImage", "inputs": {"width": 64, "height": 32}},
                 "4": {"class_type": "KSampler",
                       "inputs": {"seed": 99, "steps": 7, "cfg": ["9", 0], "sampler_name": "euler",
                                  "scheduler": "simple", "denoise": 1, "positive": ["1", 0],
                                  "model": ["7", 0], "negative": ["2", 0], "latent_image": ["3", 0]}},
                 "7": {"class_type": "ModelSamplingSD3", "inputs": {"shift": 2.5, "model": ["8", 0]}},
                 "8": {"class_type": "SkipLayerGuidanceSD3", "inputs": {"layers": "1, 2"}},
                 "5": {"class_type": "VAEDecode", "inputs": {"samples": ["4", 0]}},
                 "6": {"class_type": "SaveImage", "inputs": {"images": ["5", 0]}}}
                """;
        assertShows(
                Visitor.text(drop(png(Map.of("prompt", graph)))),
                ">a tower</textarea>",
                "value=\"rain\"",
                "value=\"99\"",
                "value=\"7\"",
                "Settings of another program (ComfyUI)",
                "name=\"shift\" inputmode=\"decimal\" value=\"2.5\"",
                "skip-layer guidance of blocks [1, 2]",
                "Not taken over: the node that the input cfg of KSampler (4) leads to is missing;");
    }

    private static final String RECORD =
            """
            {"request":{"prompt":{"text":"a lighthouse","second":"a red boat","third":"snow"},
             "negative":{"text":"fog"},
             "text":{"clipSkip":1,"useT5":false,"maxSequenceLength":77},
             "width":16,"height":16,"seeds":[1234567890123456789],
             "sampling":{"steps":2,"guidance":4.0,"sampler":"euler","dynamicShifting":true,
              "mu":0.9,"sigmas":[1.0,0.5]},
             "skipLayer":{"layers":[1],"scale":2.8,"start":0.0,"stop":1.0},
             "vaeTiling":true%s},
             "model":{"name":"tiny-3.0","fingerprint":"aa8647a08d35ad363b52"},
             "engine":{"libtorch":"2.7.1","device":"cpu","dtype":"fp32","threads":2},
             "version":"0.1.0"}
            """;

    @Test
    void whatTheFormHasNoFieldsForGoesThroughIt() throws IOException {
        String form = Visitor.text(drop(png(Map.of("stan-studio", RECORD.formatted("")))));
        assertShows(
                form,
                "name=\"seeds\" value=\"1234567890123456789\"",
                "CLIP-G reads “a red boat”",
                "T5 reads “snow”",
                "without T5",
                "skip-layer guidance of blocks [1]",
                "mu 0.9",
                "2 given sigmas",
                "decoded in tiles");
        String carried = form.replaceAll("(?s).*name=\"carried\" value=\"([^\"]*)\".*", "$1");
        String json = carried.replace("&#34;", "\"").replace("&quot;", "\"");
        HttpResponse<byte[]> order =
                visitor.post(
                        "/generate",
                        FORM,
                        "prompts=a+lighthouse&seeds=1234567890123456789&steps=2&guidance=4"
                                + "&width=16&height=16&sampler=euler&method=none&model="
                                + URLEncoder.encode(DrawingStudio.model(), StandardCharsets.UTF_8)
                                + "&carried="
                                + URLEncoder.encode(json, StandardCharsets.UTF_8));
        assertTrue(order.statusCode() < 400, Visitor.text(order));
        PictureTable table = new PictureTable(studio.studio.database(), studio.studio.clock());
        GenerationRequest request =
                table.request(table.ofMatrix(table.newest(1).get(0).id()).get(0).id())
                        .orElseThrow();
        assertAll(
                () -> assertEquals("a red boat", request.prompt().second()),
                () -> assertEquals("snow", request.prompt().third()),
                () -> assertEquals(List.of(1234567890123456789L), request.seeds()),
                () -> assertEquals(new TextOptions(1, false, 77), request.text()),
                () -> assertEquals(0.9, request.sampling().mu()),
                () -> assertEquals(List.of(1.0, 0.5), request.sampling().sigmas()),
                () -> assertTrue(request.vaeTiling()),
                () -> assertEquals(List.of(1), request.skipLayer().layers()));
    }

    @Test
    void whatIsNotHereIsSaid() throws IOException {
        String gone =
                ",\"image\":{\"path\":\"/x/y.png\",\"strength\":0.5},\"adapters\":[{\"path\":\"ink\","
                    + "\"weight\":1.0}]";
        String record =
                RECORD.formatted(gone)
                        .replace(
                                "\"skipLayer\":{\"layers\":[1],\"scale\":2.8,\"start\":0.0,\"stop\":1.0},",
                                "")
                        .replace("tiny-3.0", "other");
        assertShows(
                Visitor.text(drop(png(Map.of("stan-studio", record)))),
                "It was made by other, which is not here",
                "The picture that it started from is not here",
                "The adapter ink is not here");
    }

    @Test
    void settingsThatCannotWorkAreSaidInThePagesWords() throws IOException {
        String form =
                Visitor.text(
                        drop(
                                png(
                                        Map.of(
                                                "parameters",
                                                "a tower <lora:ink:1>\nSteps: 4, Sampler: DPM2 a,"
                                                        + " Seed: 18446744073709551614, Size:"
                                                        + " 1000x600, Clip skip: 2"))));
        assertShows(
                form,
                ">a tower</textarea>",
                "the sampler 'DPM2 a' is not known here; euler is chosen instead",
                "width must be divisible by 16, not 1000; use 992 or 1008;",
                "value=\"9223372036854775806\"",
                "begins from the same noise",
                "Clip skip: 2 is not taken over");
        assertFalse(form.contains("--"), form);
    }

    @Test
    void recordsOfNoUseAreRefusedInOneLine() throws IOException {
        for (String record :
                List.of(
                        "null",
                        "{}",
                        "{\"version\":\"1\"}",
                        "[".repeat(5000),
                        RECORD.formatted(",\"adapters\":[{\"path\":\"a\\u0000b\"}]"),
                        RECORD.formatted("").replace("tiny-3.0", "a\\u0000b"))) {
            HttpResponse<byte[]> answer = drop(png(Map.of("stan-studio", record)));
            assertEquals(400, answer.statusCode(), record);
            assertShows(visitor.json(answer).path("error").asText(), "record of the request");
        }
    }

    @Test
    void changesOfFeaturesNeedAStanAndMakeSense() {
        String rest =
                "&model=x&prompts=a+boat&seeds=1&steps=2&guidance=1&width=16&height=16"
                        + "&method=none";
        HttpResponse<byte[]> none = visitor.post("/generate", FORM, "features=to_q:1%3D0" + rest);
        HttpResponse<byte[]> odd = visitor.post("/generate", FORM, "features=to_q" + rest);
        assertAll(
                () -> assertEquals(400, none.statusCode()),
                () -> assertShows(Visitor.text(none), "changes of features need a STAN"),
                () -> assertEquals(400, odd.statusCode()),
                () -> assertShows(Visitor.text(odd), "to_q is not LAYER:INDEX=OP"));
    }

    @Test
    void whatIsNoPictureIsRefused() throws IOException {
        HttpResponse<byte[]> answer = drop("hello".getBytes(StandardCharsets.UTF_8));
        String error = visitor.json(answer).path("error").asText();
        assertEquals(400, answer.statusCode());
        assertTrue(error.contains("PNG") && !error.contains(folder.toString()), error);
        Path bare = folder.resolve("bare.png");
        Picture.of(1, 1, PixelMode.RGB, new byte[3]).writePng(bare);
        String silent = visitor.json(drop(Files.readAllBytes(bare))).path("error").asText();
        assertTrue(silent.contains("carries no settings"), silent);
        try (var left = Files.walk(folder.resolve("uploads"))) {
            assertEquals(0, left.filter(Files::isRegularFile).count());
        }
    }

    @Test
    void theGalleryFiltersStarsDeletesAndPacks() throws IOException {
        Ordered order = drawn();
        String woodcut = order.id(0);
        visitor.post("/pictures/" + woodcut + "/star");
        assertAll(
                () -> assertEquals(2, tiles("/gallery")),
                () -> assertEquals(1, tiles("/gallery?style=woodcut")),
                () -> assertEquals(1, tiles("/gallery?style=")),
                () -> assertEquals(1, tiles("/gallery?star=1")),
                () -> assertEquals(2, tiles("/gallery?q=RED")),
                () -> assertEquals(0, tiles("/gallery?q=%25")),
                () -> assertEquals(0, tiles("/gallery?method=STAN")));
        visitor.post("/gallery/delete", FORM, "id=" + woodcut);
        assertEquals(1, tiles("/gallery"));
        visitor.post("/gallery/restore", FORM, "id=" + woodcut);
        assertEquals(2, tiles("/gallery"));
        String both = "id=%s&id=%s&id=%s".formatted(woodcut, order.id(1), woodcut);
        List<String> names = new ArrayList<>();
        try (ZipInputStream zip =
                new ZipInputStream(
                        new ByteArrayInputStream(
                                visitor.post("/gallery/zip", FORM, both).body()))) {
            for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
                names.add(e.getName());
            }
        }
        assertEquals(2, names.size());
        assertTrue(names.get(0).startsWith("a-red-boat-woodcut-5-"), names.toString());
    }

    private int tiles(String path) {
        return Visitor.text(visitor.get(path)).split("class=\"tile\"", -1).length - 1;
    }

    @Test
    void aPictureTellsHowItWasMade() {
        Ordered order = drawn();
        String page = Visitor.text(visitor.get("/pictures/" + order.id(0)));
        assertShows(page, "<dd>woodcut</dd>", "<dd>2, 3.5</dd>", "tiny-3.0", "<dd>fog</dd>");
        String again = Visitor.text(visitor.get("/generate?from=" + order.id(0)));
        assertShows(again, ">a red boat</textarea>", "value=\"woodcut\" checked");
        String compare =
                Visitor.text(visitor.get("/compare?a=" + order.id(0) + "&b=" + order.id(1)));
        assertShows(compare, "/pictures/" + order.id(0) + ".png", "/pictures/" + order.id(1));
    }

    @Test
    void aPictureIsGoneOnFromWithAMask() {
        Ordered order = drawn();
        String start = Visitor.text(visitor.get("/generate?start=1&from=" + order.id(0)));
        assertShows(start, "name=\"image\" value=\"" + order.id(0) + "\"");
        String fields =
                "prompts=a+boat&method=none&seeds=1&width=64&height=48&steps=4&guidance=1"
                        + "&sampler=euler&strength=0.5&model="
                        + java.net.URLEncoder.encode(DrawingStudio.model(), StandardCharsets.UTF_8)
                        + "&image="
                        + order.id(0);
        HttpResponse<byte[]> answer = visitor.post("/generate", FORM, fields);
        String address = answer.headers().firstValue("Location").orElse("");
        assertEquals(303, answer.statusCode(), Visitor.text(answer));
        new Ordered(visitor, address.substring(address.lastIndexOf('/') + 1)).awaitDone();
        HttpResponse<byte[]> broken = visitor.post("/generate", FORM, fields + "&mask=data:x");
        assertEquals(400, broken.statusCode());
    }

    @Test
    void namesOfPicturesLeadNowhereElse() {
        for (String path :
                List.of(
                        "/pictures/..%2f..%2fstudio.db",
                        "/pictures/..%2fstudio.png",
                        "/pictures/00000000-0000-0000-0000-000000000000.png",
                        "/styles/..%2fx.png",
                        "/generate/nothing")) {
            int status = visitor.get(path).statusCode();
            assertTrue(status == 404 || status == 400, path + ": " + status);
        }
    }
}
