package dev.stanstudio.web.generate;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.web.generate.DrawingStudio.Ordered;
import dev.stanstudio.web.generate.DrawingStudio.Visitor;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts pictures from one's own, whole or under a mask, and from noise again. */
class StartTest {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String BOUNDARY = "frontier";
    private static final int WIDTH = 64;
    private static final int HEIGHT = 48;

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

    private HttpResponse<byte[]> send(String path, byte[] file, String... fields) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int i = 0; i < fields.length; i += 2) {
            String part =
                    "--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
                            .formatted(BOUNDARY, fields[i], fields[i + 1]);
            body.writeBytes(part.getBytes(StandardCharsets.UTF_8));
        }
        String head =
                "--%s\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"x\"\r\n\r\n"
                        .formatted(BOUNDARY);
        body.writeBytes(head.getBytes(StandardCharsets.UTF_8));
        body.writeBytes(file);
        body.writeBytes(("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return visitor.send(
                visitor.request(path)
                        .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()))
                        .build());
    }

    /** A PNG whose left half is transparent and whose right half is red. */
    private static byte[] halfTransparent() throws IOException {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_ARGB);
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = WIDTH / 2; x < WIDTH; x++) {
                image.setRGB(x, y, 0xFFFF0000);
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, "png", out);
        return out.toByteArray();
    }

    private byte[] grey(int width, int height, int left, int right) throws IOException {
        byte[] samples = new byte[width * height];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) (i % width < width / 2 ? left : right);
        }
        Path file = folder.resolve("grey.png");
        Picture.of(width, height, PixelMode.GREY, samples).writePng(file);
        return Files.readAllBytes(file);
    }

    private static String value(String html, String field) {
        Matcher found =
                Pattern.compile("name=\"" + field + "\"[^>]* value=\"([^\"]*)\"").matcher(html);
        assertTrue(found.find(), "no " + field + " in " + html);
        return found.group(1);
    }

    private String brought(byte[] file) {
        HttpResponse<byte[]> answer = send("/generate/start", file);
        assertEquals(200, answer.statusCode(), Visitor.text(answer));
        return value(Visitor.text(answer), "image");
    }

    private Ordered draw(String more) {
        String form =
                "model=%s&prompts=a+boat&method=none&seeds=3&width=64&height=48&steps=2&guidance=1"
                        + "&sampler=euler&";
        HttpResponse<byte[]> answer =
                visitor.post(
                        "/generate",
                        FORM,
                        form.formatted(
                                        URLEncoder.encode(
                                                DrawingStudio.model(), StandardCharsets.UTF_8))
                                + more);
        assertEquals(303, answer.statusCode(), Visitor.text(answer));
        String at = answer.headers().firstValue("location").orElseThrow();
        return new Ordered(visitor, at.substring(at.lastIndexOf('/') + 1));
    }

    /** The column of a method stands once, as a style's row does, however often it was sent. */
    @Test
    void aMethodThatIsSentTwiceIsOneColumn() {
        Ordered order = draw("&method=none".repeat(1_000).substring(1));
        order.awaitDone();
        assertEquals(1, order.pictures().size());
    }

    private String page(Ordered order) {
        return Visitor.text(visitor.get("/generate/" + order.id()));
    }

    private Picture picture(byte[] png) throws IOException {
        Path file = folder.resolve("read.png");
        Files.write(file, png);
        return Picture.read(file).toRgb();
    }

    @Test
    void onesOwnPictureIsKeptUprightOnWhiteAndForItsOwnerAlone() throws IOException {
        String hash = brought(halfTransparent());
        assertEquals(hash, brought(halfTransparent()), "the same picture is stored once");
        Picture stored = picture(visitor.get("/inputs/" + hash + ".png").body());
        Path file = folder.resolve("inputs/" + hash.substring(0, 2) + "/" + hash + ".png");
        assertAll(
                () -> assertEquals(List.of(255, 255, 255), rgb(stored, 1, 1)),
                () -> assertEquals(List.of(255, 0, 0), rgb(stored, WIDTH - 1, 1)),
                () ->
                        assertEquals(
                                "rw-------",
                                PosixFilePermissions.toString(Files.getPosixFilePermissions(file))),
                () ->
                        assertEquals(
                                404,
                                visitor.get("/inputs/" + "a".repeat(64) + ".png").statusCode()));
    }

    private static List<Integer> rgb(Picture picture, int x, int y) {
        return List.of(picture.sample(x, y, 0), picture.sample(x, y, 1), picture.sample(x, y, 2));
    }

    @Test
    void whatIsNoPictureIsRefusedInOneLineAndLeavesNothing() throws IOException {
        HttpResponse<byte[]> answer =
                send("/generate/start", "hello".getBytes(StandardCharsets.UTF_8));
        String error = visitor.json(answer).path("error").asText();
        assertEquals(400, answer.statusCode(), error);
        assertFalse(error.contains(folder.toString()), error);
        assertTrue(error.contains("the file"), error);
        try (Stream<Path> files = Files.walk(folder.resolve("uploads"))) {
            assertEquals(0, files.filter(Files::isRegularFile).count());
        }
    }

    /** The initial picture stays to the bit where a soft mask is black. */
    @Test
    void aSoftMaskIsUsedShownKeptAndRecalled() throws IOException {
        String image = brought(halfTransparent());
        HttpResponse<byte[]> sent =
                send("/generate/mask", grey(WIDTH, HEIGHT, 0, 255), "image", image);
        String mask = visitor.json(sent).path("mask").asText();
        String input = "image=" + image + "&mask=" + mask + "&strength=0.9";
        Ordered order = draw(input + "&feather=2").awaitDone();
        Picture drawn = picture(order.png(0));
        byte[] hard = draw(input + "&feather=0").awaitDone().png(0);
        String page = page(order);
        String recalled = Visitor.text(visitor.get("/generate?from=" + order.id(0)));
        assertAll(
                () -> assertEquals(List.of(255, 255, 255), rgb(drawn, 2, 20)),
                () -> assertFalse(Arrays.equals(hard, order.png(0))),
                () -> assertTrue(page.contains("started from a picture"), page),
                () -> assertTrue(page.contains("strength 0.9"), page),
                () -> assertTrue(page.contains("href=\"/inputs/" + mask + ".png\""), page),
                () -> assertTrue(page.contains("soft edge 2"), page),
                () -> assertEquals(image, value(page, "image")),
                () -> assertEquals(mask, value(page, "mask")),
                () -> assertEquals(mask, value(recalled, "mask")),
                () -> assertEquals("2", value(recalled, "feather")));
        // The same again repaints the same region.
        Ordered again =
                draw("image=" + image + "&mask=" + value(page, "mask") + "&strength=0.9&feather=2");
        assertTrue(Arrays.equals(order.png(0), again.awaitDone().png(0)));
    }

    @Test
    void aMaskOfAnotherSizeIsRefused() throws IOException {
        String image = brought(halfTransparent());
        HttpResponse<byte[]> answer = send("/generate/mask", grey(16, 16, 0, 9), "image", image);
        String error = visitor.json(answer).path("error").asText();
        assertTrue(error.contains("the mask is 16×16, the picture 64×48"), error);
    }

    @Test
    void noiseIsNoiseAndKeepsTheOtherSettings() throws IOException {
        Ordered order = draw("negative=fog&image=" + brought(halfTransparent())).awaitDone();
        String noise = Visitor.text(visitor.get("/generate/" + order.id() + "?start=noise"));
        assertAll(
                () -> assertTrue(page(order).contains("name=\"image\"")),
                () -> assertFalse(noise.contains("name=\"image\""), noise),
                () -> assertTrue(noise.contains("value=\"fog\""), noise));
        Ordered next = draw("negative=fog").awaitDone();
        assertFalse(page(next).contains("started from"), "noise has no picture in its head");
    }

    @Test
    void theFieldThatIsWrongIsNamed() throws IOException {
        List<String> told = new ArrayList<>();
        for (String wrong :
                List.of(
                        "width=4096",
                        "height=50",
                        "steps=x",
                        "prompts=",
                        "strength=7",
                        "guidance=",
                        "guidance=4d")) {
            String form =
                    "model=%s&prompts=a&method=none&width=64&height=48&steps=2&sampler=euler&image=%s"
                            .formatted(
                                    URLEncoder.encode(
                                            DrawingStudio.model(), StandardCharsets.UTF_8),
                                    brought(halfTransparent()));
            String field = wrong.split("=", 2)[0];
            String sent = form.replaceAll("(^|&)" + field + "=[^&]*", "$1" + wrong);
            HttpResponse<byte[]> answer =
                    visitor.send(
                            HttpRequest.newBuilder(visitor.request("/generate").build().uri())
                                    .header("HX-Request", "true")
                                    .header("Content-Type", FORM)
                                    .POST(
                                            HttpRequest.BodyPublishers.ofString(
                                                    sent.contains(wrong)
                                                            ? sent
                                                            : sent + "&" + wrong))
                                    .build());
            Matcher named =
                    Pattern.compile("data-field=\"([a-z]*)\"").matcher(Visitor.text(answer));
            assertTrue(named.find(), Visitor.text(answer));
            told.add(named.group(1));
        }
        assertEquals(
                List.of("width", "height", "steps", "prompts", "strength", "guidance", "guidance"),
                told);
        JsonNode health = visitor.json(visitor.get("/health"));
        assertEquals(0, health.path("queued").asInt());
    }
}
