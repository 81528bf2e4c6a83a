package dev.stanstudio.web.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.stanstudio.base.image.PictureHeader;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.pipeline.HiresPass;
import dev.stanstudio.testing.Goldens;
import dev.stanstudio.web.generate.DrawingStudio.Ordered;
import dev.stanstudio.web.generate.DrawingStudio.Visitor;
import dev.stanstudio.web.picture.PictureTable;
import dev.stanstudio.web.testing.Chrome;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Orders of pictures that are drawn again at a larger size, or enlarged by a network. */
class HiresOrderTest {
    @TempDir Path folder;

    @BeforeEach
    void putUpscaler() throws IOException {
        Path upscalers = Files.createDirectories(folder.resolve("upscalers"));
        Files.copy(Goldens.own("upscalers/old.safetensors"), upscalers.resolve("4x.safetensors"));
    }

    private static GenerationRequest newest(DrawingStudio studio) {
        PictureTable table = studio.pictures();
        return table.request(table.ofMatrix(table.newest(1).get(0).id()).get(0).id()).orElseThrow();
    }

    private static HttpResponse<byte[]> post(DrawingStudio studio, String hires, String upscaler) {
        return studio.visitor()
                .post(
                        "/generate",
                        "application/x-www-form-urlencoded",
                        "prompts=boat&seeds=4&steps=2&guidance=2&width=64&height=48&sampler=euler"
                                + "&method=none&model="
                                + encoded(DrawingStudio.model())
                                + "&hires="
                                + encoded(hires)
                                + "&upscaler="
                                + encoded(upscaler));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Test
    void programsAndTheFormDrawTheSameLargePictures() throws IOException {
        try (DrawingStudio studio = new DrawingStudio(folder, 2)) {
            Ordered plain =
                    studio.visitor()
                            .order(
                                    "\"prompts\":[\"boat\"],\"steps\":2,\"seeds\":[4,5],"
                                            + "\"guidance\":2,\"hires\":\"1.5,by=picture\"")
                            .awaitDone();
            Path file = Files.write(folder.resolve("a.png"), plain.png(0));
            assertEquals(96, PictureHeader.of(file).width());
            assertEquals(80, PictureHeader.of(file).height());
            Ordered large =
                    studio.visitor()
                            .order(
                                    "\"prompts\":[\"boat\"],\"steps\":2,\"seeds\":[4],"
                                            + "\"hires\":\"1.5,strength=0.4,by=4x\","
                                            + "\"upscaler\":\"4x\"")
                            .awaitDone();
            Files.write(file, large.png(0));
            assertEquals(4 * 96, PictureHeader.of(file).width());
            String page = Visitor.text(studio.visitor().get("/pictures/" + plain.id(0)));
            assertTrue(page.contains("96 × 80"), "the page tells the size that was drawn");
            String again = Visitor.text(studio.visitor().get("/generate?from=" + large.id(0)));
            assertTrue(again.contains("1.5,strength=0.4,by=4x"), again);
        }
    }

    @Test
    void theFormShowsWhatItAskedFor() {
        try (DrawingStudio studio = new DrawingStudio(folder, 0)) {
            HttpResponse<byte[]> answer = post(studio, "2,steps=5,by=latent-nearest", "4x");
            assertTrue(answer.statusCode() < 400, Visitor.text(answer));
            GenerationRequest request = newest(studio);
            HiresPass pass = HiresPass.parse("2,steps=5,by=latent-nearest");
            assertEquals(pass, request.hires());
            assertNotNull(request.upscaler());
            assertNotNull(request.upscaler().fingerprint());
            String page = Visitor.text(studio.visitor().get("/generate"));
            assertTrue(page.contains("value=\"" + pass + "\""), page);
            assertTrue(page.contains("name=\"upscaler\" value=\"4x\""), page);
            answer = post(studio, "", "");
            assertTrue(answer.statusCode() < 400, Visitor.text(answer));
            assertNull(newest(studio).hires());
        }
    }

    @Test
    void whatCannotBeDrawnIsRefusedInOneLineAndNothingIsQueued() {
        try (DrawingStudio studio = new DrawingStudio(folder, 0)) {
            for (String[] one :
                    List.of(
                            new String[] {"4", "", "at most 192 pixels a side"},
                            new String[] {"0", "", "above 1 up to 4, not 0"},
                            new String[] {"NaN", "", "is not of the form"},
                            new String[] {"2,strength=2", "", "above 0 up to 1, not 2"},
                            new String[] {"1.01", "", "leaves 64×48 at 64×48"},
                            new String[] {"2,by=8x", "", "there is no upscaler '8x'; there are 4x"},
                            new String[] {"", "../4x", "there is no upscaler '../4x'"})) {
                String body =
                        "{\"width\":64,\"height\":48,\"prompts\":[\"a\"],\"hires\":\"%s\",\"upscaler\":\"%s\"}"
                                .formatted(one[0], one[1]);
                HttpResponse<byte[]> answer =
                        studio.visitor().post("/api/matrices", "application/json", body);
                JsonNode error = studio.visitor().json(answer).path("error");
                assertEquals(400, answer.statusCode(), body);
                assertTrue(error.asText().contains(one[2]), error.asText());
                assertEquals(1, error.asText().lines().count());
                assertEquals(400, post(studio, one[0], one[1]).statusCode(), body);
            }
            assertEquals(List.of(), studio.pictures().newest(1));
        }
    }

    @Test
    void thePageDrawsALargePicture() {
        try (Chrome chrome = new Chrome();
                DrawingStudio studio = new DrawingStudio(folder, 1)) {
            Page page = chrome.page(1440, 900, ColorScheme.DARK);
            page.navigate(studio.address() + "/generate");
            page.fill("#prompts", "a boat");
            page.evaluate(
                    "document.querySelectorAll('.style-choice input')"
                            + ".forEach(style => { style.checked = false; })");
            page.fill("#seeds", "5");
            page.locator("details.generate-more summary").click();
            page.fill("#steps", "2");
            page.fill("#width", "64");
            page.fill("#height", "48");
            page.fill("#hires", "9");
            page.fill("#upscaler", "4x");
            Chrome.accessible(page);
            page.click("#draw");
            page.waitForSelector("#hires[aria-invalid=true], #problem:has-text('above 1 up to 4')");
            page.fill("#hires", "1.5,strength=0.5,by=picture");
            page.click("#draw");
            page.waitForSelector("#matrix img[src*='.png'], #matrix img[src*='thumbnail']");
            page.waitForFunction(
                    "[...document.querySelectorAll('#matrix img')].some(i => i.naturalWidth > 0)");
            Chrome.accessible(page);
            Chrome.shot(page, "hires", false);
            assertEquals("4x", page.inputValue("#upscaler"));
        }
    }
}
