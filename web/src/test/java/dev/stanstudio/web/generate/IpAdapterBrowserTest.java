package dev.stanstudio.web.generate;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.FilePayload;
import dev.stanstudio.testing.Goldens;
import dev.stanstudio.web.testing.Chrome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Brings pictures of a style to the page, draws by them, and finds them again. */
class IpAdapterBrowserTest {
    @TempDir Path folder;

    private static FilePayload payload(String golden) throws IOException {
        return new FilePayload("style.png", "image/png", Files.readAllBytes(Goldens.own(golden)));
    }

    @Test
    void picturesOfAStyleAreBroughtShownAndDrawnBy() throws IOException {
        IpAdapterOrderTest.adapter(folder, "plain");
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
            page.locator("#ip-adapter-part summary").click();
            page.setInputFiles(
                    "#ip-file",
                    new FilePayload("a.png", "image/png", "none".getBytes(StandardCharsets.UTF_8)));
            assertThat(page.locator("#ip-problem .problem")).containsText("a.png");
            page.setInputFiles(
                    "#ip-file",
                    new FilePayload[] {
                        payload("inputs/picture.png"), payload("controls/second.png")
                    });
            assertThat(page.locator("[data-ip-picture]")).hasCount(2);
            assertThat(page.locator("#ip-adapter")).hasValue("plain");
            page.fill("#ip-scale", "7");
            page.locator("#seeds").press("Control+Enter");
            assertThat(page.locator("#ip-scale")).hasAttribute("aria-invalid", "true");
            page.fill("#ip-scale", "0.8");
            page.locator("[data-ip-remove]").first().click();
            assertThat(page.locator("[data-ip-picture]")).hasCount(1);
            Chrome.accessible(page);
            page.locator("#ip-adapter-part").scrollIntoViewIfNeeded();
            Chrome.shot(page, "ip-adapter-form", false);
            page.locator("#seeds").press("Control+Enter");
            assertThat(page.locator(".matrix .cell[data-state=done]")).hasCount(1);
            assertThat(page.locator(".matrix-shown")).containsText("plain · weight 0.8");
            page.reload();
            assertThat(page.locator("[data-ip-picture]")).hasCount(1);
            assertThat(page.locator("#ip-adapter")).hasValue("plain");
            assertThat(page.locator("#ip-scale")).hasValue("0.8");
            Chrome.accessible(page);
            Chrome.fits(page);
            Chrome.shot(page, "ip-adapter", false);
            // Refusals are answers of the server, which a browser notes on its console.
            assertEquals(
                    List.of(),
                    chrome.problems().stream().filter(p -> !p.contains("status of 400")).toList());
        }
    }
}
