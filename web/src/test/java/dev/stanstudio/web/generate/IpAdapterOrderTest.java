package dev.stanstudio.web.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.sd3.metadata.Provenance;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.pipeline.ImageInput;
import dev.stanstudio.sd3.pipeline.IpAdapterInput;
import dev.stanstudio.testing.Goldens;
import dev.stanstudio.web.generate.DrawingStudio.Ordered;
import dev.stanstudio.web.generate.DrawingStudio.Visitor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** IP-Adapters and pictures to start from over HTTP: found, ordered, drawn, and recalled. */
class IpAdapterOrderTest {
    private static final String BOUNDARY = "frontier";
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String PROMPT = "\"prompts\":[\"a boat\"],\"seeds\":[3],\"steps\":2";

    @TempDir Path folder;
    private DrawingStudio studio;
    private Visitor visitor;

    @BeforeEach
    void open() {
        adapter(folder, "plain");
        adapter(folder, "dual");
        studio = new DrawingStudio(folder, 1);
        visitor = studio.visitor();
    }

    @AfterEach
    void close() {
        studio.close();
    }

    /** Copies a tiny IP-Adapter of the reference's into the folder of a studio. */
    static void adapter(Path home, String name) {
        Path from = Goldens.own("ip-adapters/" + name);
        Path to = home.resolve("ip-adapters").resolve(name);
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HttpResponse<byte[]> send(String path, byte[] file) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
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
        HttpResponse<byte[]> answer = send("/api/inputs", Files.readAllBytes(Goldens.own(golden)));
        assertEquals(201, answer.statusCode(), Visitor.text(answer));
        return visitor.json(answer).path("picture").asText();
    }

    private byte[] pixels(Ordered order) throws IOException {
        return Picture.read(Files.write(folder.resolve("drawn.png"), order.png(0))).samples();
    }

    private GenerationRequest record(Ordered order) throws IOException {
        Path file = Files.write(folder.resolve("recorded.png"), order.png(0));
        return Provenance.read(file).orElseThrow().request();
    }

    private void assertRefused(String more, String why) {
        HttpResponse<byte[]> answer =
                visitor.post(
                        "/api/matrices",
                        "application/json",
                        "{\"width\":64,\"height\":48," + PROMPT + "," + more + "}");
        assertEquals(400, answer.statusCode(), Visitor.text(answer));
        String error = visitor.json(answer).path("error").asText();
        assertTrue(error.contains(why) && !error.contains("\n"), error);
    }

    @Test
    void programsOrderPicturesInTheStyleOfOthers() throws IOException {
        assertEquals(2, visitor.json(visitor.get("/api/ip-adapters")).size());
        String first = stored("inputs/picture.png");
        String second = stored("controls/second.png");
        String shown = ",\"ip_adapter\":{\"adapter\":\"plain\",\"pictures\":[%s],\"scale\":%s}";
        String both = "\"" + first + "\",\"" + second + "\"";
        Ordered plain = visitor.order(PROMPT).awaitDone();
        Ordered nothing = visitor.order(PROMPT + shown.formatted(both, 0)).awaitDone();
        Ordered seen = visitor.order(PROMPT + shown.formatted(both, 0.8)).awaitDone();
        assertTrue(Arrays.equals(pixels(plain), pixels(nothing)), "weight 0");
        assertFalse(Arrays.equals(pixels(plain), pixels(seen)), "seen");
        IpAdapterInput kept = record(seen).ipAdapter();
        assertNotNull(kept);
        assertEquals(0.8, kept.scale());
        assertEquals(2, kept.pictures().size());
        assertNotNull(kept.fingerprint());
        String one = "\"" + first + "\"";
        String order = "\"ip_adapter\":{\"adapter\":\"%s\",\"pictures\":[%s]%s}";
        assertRefused(order.formatted("pose", one, ""), "there are dual, plain");
        assertRefused(order.formatted("dual", one, ""), "wide, ");
        assertRefused(order.formatted("plain", "", ""), "needs a picture");
        assertRefused(order.formatted("plain", one, ",\"scale\":6"), "must be 0 … 5");
        assertRefused(order.formatted("plain", "null", ""), "holds no picture");
    }

    @Test
    void programsStartFromAPictureUnderASoftMaskOrACrop() throws IOException {
        String picture = stored("inputs/picture.png");
        String mask = stored("edits/levels.png");
        String start = ",\"image\":{\"picture\":\"%s\",\"mask\":\"%s\"%s}";
        Ordered order =
                visitor.order(PROMPT + start.formatted(picture, mask, ",\"soft\":true,\"crop\":5"))
                        .awaitDone();
        ImageInput image = record(order).image();
        assertNotNull(image);
        assertTrue(image.soft());
        assertEquals(5, image.crop());
        assertEquals(1, image.strength());
        Picture drawn = Picture.read(Files.write(folder.resolve("d.png"), order.png(0)));
        assertEquals(90, drawn.width());
        String page = Visitor.text(visitor.get("/pictures/" + order.id(0)));
        assertTrue(page.contains("<dd>90 × 70</dd>"), page);
        String form = Visitor.text(visitor.get("/generate?from=" + order.id(0)));
        assertTrue(form.contains("name=\"soft\" value=\"yes\" checked"), form);
        assertTrue(form.contains("name=\"crop\" inputmode=\"numeric\" value=\"5\""), form);
        String bare = "\"image\":{\"picture\":\"" + picture + "\",\"%s}";
        assertRefused(bare.formatted("soft\":true"), "a soft mask needs a mask");
        assertRefused(bare.formatted("crop\":3"), "needs a mask");
        assertRefused("\"image\":{\"mask\":\"" + mask + "\"}", "image needs a picture");
    }

    private HttpResponse<byte[]> submit(String more) {
        String model = URLEncoder.encode(DrawingStudio.model(), StandardCharsets.UTF_8);
        String fields =
                "model=%s&prompts=a+boat&method=none&seeds=3&width=64&height=48&steps=2&guidance=1"
                        + "&sampler=euler&";
        return visitor.post("/generate", FORM, fields.formatted(model) + more);
    }

    @Test
    void theFormIsRecalledFromTheMatrixAndFromThePicture() throws IOException {
        String first = stored("inputs/picture.png");
        String second = stored("controls/second.png");
        String fields = "ip-adapter=plain&ip-scale=0.75&ip-picture=" + first;
        HttpResponse<byte[]> answer = submit(fields + "&ip-picture=" + second);
        assertEquals(303, answer.statusCode(), Visitor.text(answer));
        String at = answer.headers().firstValue("location").orElseThrow();
        Ordered order = new Ordered(visitor, at.substring(at.lastIndexOf('/') + 1)).awaitDone();
        byte[] file = order.png(0);
        for (HttpResponse<byte[]> page :
                List.of(
                        visitor.get(at),
                        send("/generate/recall", file),
                        visitor.get("/generate?from=" + order.id(0)))) {
            String form = Visitor.text(page);
            assertTrue(form.contains("name=\"ip-picture\" value=\"" + first + "\""), form);
            assertTrue(form.contains("name=\"ip-picture\" value=\"" + second + "\""), form);
            assertTrue(form.contains("<option value=\"plain\" selected>"), form);
            assertTrue(form.contains("value=\"0.75\""), form);
            assertFalse(form.contains("class=\"note\""), form);
        }
        assertTrue(Visitor.text(visitor.get(at)).contains("style by pictures"));
        String shown = Visitor.text(visitor.get("/pictures/" + order.id(0)));
        assertTrue(shown.contains("Style by pictures"), shown);
        Files.delete(folder.resolve("ip-adapters/plain/ip-adapter.safetensors"));
        String gone = Visitor.text(send("/generate/recall", file));
        assertTrue(gone.contains("The IP-Adapter plain is not here; it is left out."), gone);
    }

    @Test
    void refusalsNameTheField() throws IOException {
        String picture = "&ip-picture=" + stored("inputs/picture.png");
        for (String[] wrong :
                new String[][] {
                    {picture, "ip-adapter"},
                    {"ip-adapter=plain", "ip-adapter"},
                    {"ip-adapter=pose" + picture, "ip-adapter"},
                    {"ip-adapter=dual" + picture, "ip-adapter"},
                    {"ip-adapter=plain" + picture.repeat(9), "ip-adapter"},
                    {"ip-adapter=plain&ip-scale=much" + picture, "ip-scale"},
                    {"ip-adapter=plain&ip-scale=7" + picture, "ip-scale"}
                }) {
            String model = URLEncoder.encode(DrawingStudio.model(), StandardCharsets.UTF_8);
            String fields =
                    "model=%s&prompts=a&method=none&seeds=3&steps=2&width=64&height=48&sampler=euler&"
                            .formatted(model);
            HttpResponse<byte[]> answer =
                    visitor.send(
                            visitor.request("/generate")
                                    .setHeader("Accept", "text/html")
                                    .header("HX-Request", "true")
                                    .header("Content-Type", FORM)
                                    .POST(HttpRequest.BodyPublishers.ofString(fields + wrong[0]))
                                    .build());
            assertEquals(400, answer.statusCode(), wrong[0]);
            String html = Visitor.text(answer);
            assertTrue(html.contains("data-field=\"" + wrong[1] + "\""), wrong[0] + ": " + html);
        }
    }
}
