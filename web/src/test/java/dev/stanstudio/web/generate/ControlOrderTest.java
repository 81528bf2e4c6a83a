package dev.stanstudio.web.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.sd3.metadata.Provenance;
import dev.stanstudio.sd3.pipeline.ControlInput;
import dev.stanstudio.sd3.pipeline.Preprocessor;
import dev.stanstudio.testing.Goldens;
import dev.stanstudio.web.generate.DrawingStudio.Ordered;
import dev.stanstudio.web.generate.DrawingStudio.Visitor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Control networks over HTTP: found, previewed, ordered by program and form, and recalled. */
class ControlOrderTest {
    private static final String BOUNDARY = "frontier";
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String PROMPT = "\"prompts\":[\"a boat\"],\"seeds\":[3],\"steps\":2";

    @TempDir Path folder;
    private DrawingStudio studio;
    private Visitor visitor;

    @BeforeEach
    void open() throws IOException {
        network(folder, "joint", "joint");
        network(folder, "masked", "masked");
        studio = new DrawingStudio(folder, 2);
        visitor = studio.visitor();
    }

    @AfterEach
    void close() {
        studio.close();
    }

    /** Copies a tiny control network of the reference's into the folder of a studio. */
    static void network(Path home, String network, String name) throws IOException {
        Path to = Files.createDirectories(home.resolve("controls").resolve(name));
        for (String file : List.of("config.json", "diffusion_pytorch_model.safetensors")) {
            Files.copy(Goldens.own("controls/" + network).resolve(file), to.resolve(file));
        }
    }

    private HttpResponse<byte[]> send(String path, byte[] file, String fields) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (String field : fields.split("&")) {
            int equals = field.indexOf('=');
            if (equals > 0) {
                body.writeBytes(
                        "--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
                                .formatted(
                                        BOUNDARY,
                                        field.substring(0, equals),
                                        field.substring(equals + 1))
                                .getBytes(StandardCharsets.UTF_8));
            }
        }
        String head =
                "--%s\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"x\"\r\n\r\n";
        body.writeBytes(head.formatted(BOUNDARY).getBytes(StandardCharsets.UTF_8));
        body.writeBytes(file);
        body.writeBytes(("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return visitor.send(
                visitor.request(path)
                        .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()))
                        .build());
    }

    private String stored(String golden) throws IOException {
        HttpResponse<byte[]> answer =
                send("/api/inputs", Files.readAllBytes(Goldens.own(golden)), "");
        assertEquals(201, answer.statusCode(), Visitor.text(answer));
        return visitor.json(answer).path("picture").asText();
    }

    private Picture drawn(Ordered order, int place) throws IOException {
        Path file = Files.write(folder.resolve("drawn.png"), order.png(place));
        return Picture.read(file);
    }

    private List<ControlInput> recorded(Ordered order, int place) throws IOException {
        Path file = Files.write(folder.resolve("recorded.png"), order.png(place));
        return Provenance.read(file).orElseThrow().request().controls();
    }

    private HttpResponse<byte[]> refused(String more) {
        return visitor.post(
                "/api/matrices",
                "application/json",
                "{\"width\":64,\"height\":48," + PROMPT + "," + more + "}");
    }

    private void assertRefused(String controls, String why) {
        HttpResponse<byte[]> answer = refused("\"controls\":[" + controls + "]");
        assertEquals(400, answer.statusCode(), Visitor.text(answer));
        String error = visitor.json(answer).path("error").asText();
        assertTrue(error.contains(why), error);
        assertFalse(error.contains("\n"), error);
    }

    @Test
    void programsOrderControlledPictures() throws IOException {
        JsonNode networks = visitor.json(visitor.get("/api/controls"));
        assertEquals(2, networks.size(), networks.toString());
        assertEquals("joint", networks.path(0).path("name").asText());
        String picture = stored("inputs/picture.png");
        String control = "{\"network\":\"joint\",\"picture\":\"" + picture + "\"%s}";
        Ordered plain = visitor.order(PROMPT);
        Ordered whole =
                visitor.order(
                        PROMPT
                                + ",\"controls\":["
                                + control.formatted(",\"preprocessor\":\"canny(50,100)\"")
                                + "],\"axes\":{\"control\":\"0, 0.5, 1\"}");
        Ordered two =
                visitor.order(
                        PROMPT
                                + ",\"controls\":["
                                + control.formatted(",\"scale\":0.5,\"end\":0.5")
                                + ","
                                + control.formatted(",\"preprocessor\":\"blur\"")
                                + "]");
        plain.awaitDone();
        whole.awaitDone();
        two.awaitDone();
        assertEquals(3, whole.pictures().size());
        assertArrayEquals(drawn(plain, 0).samples(), drawn(whole, 0).samples(), "weight 0");
        byte[] half = drawn(whole, 1).samples();
        byte[] full = drawn(whole, 2).samples();
        assertFalse(Arrays.equals(half, drawn(plain, 0).samples()), "controlled");
        assertFalse(Arrays.equals(half, full), "by its weight");
        ControlInput record = recorded(whole, 1).get(0);
        assertEquals(0.5, record.scale());
        assertEquals("canny(50,100)", record.preprocessor().toString());
        assertEquals(2, recorded(two, 0).size());
        assertEquals(0.5, recorded(two, 0).get(0).end());
    }

    @Test
    void aPreviewIsWhatTheNetworkReads() throws IOException {
        String picture = stored("inputs/picture.png");
        String address = "/api/controls/preview?picture=%s&preprocessor=%s&width=64&height=48";
        HttpResponse<byte[]> answer = visitor.get(address.formatted(picture, "canny(50,100)"));
        assertEquals(200, answer.statusCode());
        assertEquals("image/png", answer.headers().firstValue("content-type").orElseThrow());
        Path file = Files.write(folder.resolve("preview.png"), answer.body());
        Picture expected =
                Preprocessor.parse("canny(50,100)")
                        .prepare(Goldens.own("inputs/picture.png"), 64, 48);
        assertArrayEquals(expected.samples(), Picture.read(file).samples());
        assertEquals(400, visitor.get(address.formatted(picture, "cany")).statusCode());
        assertEquals(404, visitor.get(address.formatted("none", "none")).statusCode());
        assertEquals(
                400,
                visitor.get("/api/controls/preview?width=9999&height=8&picture=" + picture)
                        .statusCode());
        assertEquals(400, send("/api/inputs", new byte[] {1, 2, 3}, "").statusCode());
    }

    @Test
    void whatCannotWorkIsRefusedBeforeItWaits() throws IOException {
        String picture = stored("inputs/picture.png");
        String control = "{\"network\":\"%s\",\"picture\":\"" + picture + "\"%s}";
        assertRefused(control.formatted("pose", ""), "there is no ControlNet 'pose'; there are");
        assertRefused("{\"network\":\"joint\"}", "needs a picture");
        assertRefused("null", "controls holds null");
        assertRefused(control.formatted("masked", ""), "is 48 wide");
        assertRefused(control.formatted("joint", ",\"mask\":\"" + picture + "\""), "reads no mask");
        assertRefused(control.formatted("joint", ",\"preprocessor\":\"pose\""), "no preprocessor");
        assertRefused(
                control.formatted("joint", ",\"start\":0.6,\"end\":0.4"),
                "from a start to a later");
        assertRefused(
                control.formatted("joint", ",\"start\":0.1,\"end\":0.2"), "holds none of 2 steps");
        String five = (control.formatted("joint", "") + ",").repeat(5);
        assertRefused(five.substring(0, five.length() - 1), "at most 4");
        HttpResponse<byte[]> axis = refused("\"axes\":{\"control\":\"0, 1\"}");
        assertEquals(400, axis.statusCode());
        assertTrue(Visitor.text(axis).contains("needs a control picture"), Visitor.text(axis));
        assertEquals(0, studio.pictures().newest(1).size(), "nothing is queued");
    }

    private HttpResponse<byte[]> submit(String more) {
        String model = URLEncoder.encode(DrawingStudio.model(), StandardCharsets.UTF_8);
        String form =
                "model=%s&prompts=a+boat&method=none&seeds=3&width=64&height=48&steps=2&guidance=1"
                        + "&sampler=euler&";
        return visitor.post("/generate", FORM, form.formatted(model) + more);
    }

    @Test
    void theFormIsRecalledFromTheMatrixAndFromThePicture() throws IOException {
        HttpResponse<byte[]> card =
                send(
                        "/generate/control",
                        Files.readAllBytes(Goldens.own("inputs/picture.png")),
                        "n=1&width=64&height=48");
        assertEquals(200, card.statusCode(), Visitor.text(card));
        assertTrue(Visitor.text(card).contains("name=\"control1-picture\""), Visitor.text(card));
        String picture = stored("inputs/picture.png");
        String fields =
                "&control1-network=joint&control1-picture=%s&control1-preprocessor=canny"
                        + "&control1-settings=50,100&control1-scale=0.75&control1-end=0.5";
        HttpResponse<byte[]> answer = submit(fields.formatted(picture));
        assertEquals(303, answer.statusCode(), Visitor.text(answer));
        String at = answer.headers().firstValue("location").orElseThrow();
        Ordered order = new Ordered(visitor, at.substring(at.lastIndexOf('/') + 1)).awaitDone();
        String page = Visitor.text(visitor.get(at));
        for (String shown : List.of("controlled by a picture", "canny(50,100)", "0.75")) {
            assertTrue(page.contains(shown), shown);
        }
        byte[] file = order.png(0);
        for (HttpResponse<byte[]> recalled :
                List.of(
                        send("/generate/recall", file, ""),
                        visitor.get("/generate?from=" + order.id(0)))) {
            String form = Visitor.text(recalled);
            assertEquals(200, recalled.statusCode(), form);
            assertTrue(form.contains("value=\"" + picture + "\""), form);
            assertTrue(form.contains("value=\"50,100\""), form);
            assertTrue(form.contains("value=\"0.75\""), form);
            assertFalse(form.contains("class=\"note\""), form);
        }
        String picturePage = Visitor.text(visitor.get("/pictures/" + order.id(0)));
        assertTrue(picturePage.contains("Controlled by"), picturePage);
        Files.delete(folder.resolve("controls/joint/config.json"));
        String gone = Visitor.text(send("/generate/recall", file, ""));
        assertTrue(gone.contains("The ControlNet joint is not here; it is left out."), gone);
    }

    @Test
    void refusalsNameTheField() throws IOException {
        String picture = stored("inputs/picture.png");
        String fields = "&control1-picture=" + picture + "&control1-network=";
        for (String[] wrong :
                new String[][] {
                    {fields, "control1-network"},
                    {fields + "pose", "control1-network"},
                    {fields + "masked", "control1-network"},
                    {fields + "joint&control1-scale=much", "control1-scale"},
                    {fields + "joint&control1-start=0.7&control1-end=0.2", "control1-start"},
                    {
                        fields + "joint&control1-preprocessor=canny&control1-settings=1",
                        "control1-settings"
                    }
                }) {
            String model = URLEncoder.encode(DrawingStudio.model(), StandardCharsets.UTF_8);
            HttpResponse<byte[]> answer =
                    visitor.send(
                            visitor.request("/generate")
                                    .setHeader("Accept", "text/html")
                                    .header("HX-Request", "true")
                                    .header("Content-Type", FORM)
                                    .POST(
                                            HttpRequest.BodyPublishers.ofString(
                                                    "model=%s&prompts=a&method=none&seeds=3&steps=2&width=64&height=48&sampler=euler"
                                                                    .formatted(model)
                                                            + wrong[0]))
                                    .build());
            assertEquals(400, answer.statusCode(), wrong[0]);
            String html = Visitor.text(answer);
            assertTrue(html.contains("data-field=\"" + wrong[1] + "\""), wrong[0] + ": " + html);
        }
    }

    @Test
    void aChangedNetworkIsNotDrawnInThePlaceOfTheOrderedOne() throws IOException {
        visitor.post("/queue/pause");
        String picture = stored("inputs/picture.png");
        Ordered order =
                visitor.order(
                        PROMPT
                                + ",\"controls\":[{\"network\":\"joint\",\"picture\":\""
                                + picture
                                + "\"}]");
        Path file = folder.resolve("controls/joint/diffusion_pytorch_model.safetensors");
        byte[] other = Files.readAllBytes(file);
        for (int i = other.length / 2; i < other.length; i++) {
            other[i] ^= 1;
        }
        Path beside = Files.write(folder.resolve("other"), other);
        Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
        visitor.post("/queue/resume");
        order.await(states -> states.stream().noneMatch(s -> s.matches("queued|running")));
        assertEquals("failed", order.states().get(0));
        String remark = order.pictures().get(0).path("remark").asText();
        assertTrue(remark.contains("its hash differs"), remark);
    }
}
