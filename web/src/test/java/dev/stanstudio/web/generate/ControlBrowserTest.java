package dev.stanstudio.web.generate;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.FilePayload;
import com.microsoft.playwright.options.Position;
import dev.stanstudio.testing.Goldens;
import dev.stanstudio.web.testing.Chrome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Brings control pictures to the page, looks at what the network reads, draws, and recalls. */
class ControlBrowserTest {
    private static final String DRAWN = "img => img.complete && img.naturalWidth";

    @TempDir Path folder;

    private static FilePayload picture() throws IOException {
        return new FilePayload(
                "room.png", "image/png", Files.readAllBytes(Goldens.own("inputs/picture.png")));
    }

    /** Pastes the picture into the element that has the focus. */
    private static void paste(Page page) throws IOException {
        String bytes =
                Base64.getEncoder()
                        .encodeToString(Files.readAllBytes(Goldens.own("inputs/picture.png")));
        page.evaluate(
                """
                base64 => { const bytes = Uint8Array.from(atob(base64), c => c.charCodeAt(0));
                  const data = new DataTransfer();
                  data.items.add(new File([bytes], 'p.png', { type: 'image/png' }));
                  const paste = new ClipboardEvent('paste', { clipboardData: data, bubbles: true,
                    cancelable: true });
                  document.activeElement.dispatchEvent(paste); }
                """,
                bytes);
    }

    @Test
    void aBroughtPictureIsSeenPreprocessedDrawnAndRecalled() throws IOException {
        ControlOrderTest.network(folder, "joint", "joint");
        ControlOrderTest.network(folder, "joint", "short");
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
            page.locator("#controls summary").click();
            page.setInputFiles("#control-file", picture());
            assertThat(page.locator("[data-control]")).hasCount(1);
            String first = page.getAttribute("[data-control-preview]", "src");
            assertTrue(first.contains("width=64&height=48"), first);
            page.selectOption("[name=control1-preprocessor]", "blur");
            assertThat(page.locator("[name=control1-settings]")).hasValue("8");
            assertThat(page.locator("[data-control-preview]"))
                    .hasAttribute("src", Pattern.compile("blur"));
            page.fill("[name=control1-settings]", "no");
            page.locator("[name=control1-settings]").blur();
            assertThat(page.locator("[data-control-problem] .problem")).containsText("numbers");
            page.selectOption("[name=control1-preprocessor]", "canny");
            assertThat(page.locator("[data-control-problem]")).isEmpty();
            page.fill("[name=control1-scale]", "0.75");
            page.click("#control-drop", new Page.ClickOptions().setPosition(new Position(4, 4)));
            paste(page);
            assertThat(page.locator("[data-control]")).hasCount(2);
            assertThat(page.locator("[data-start-picture]")).hasCount(0);
            page.locator("#seeds").press("Control+Enter");
            assertThat(page.locator("#problem-at-field")).hasText("choose a ControlNet");
            assertThat(page.locator("[name=control1-network]"))
                    .hasAttribute("aria-invalid", "true");
            page.selectOption("[name=control1-network]", "joint");
            page.locator("#seeds").press("Control+Enter");
            assertThat(page.locator("[name=control2-network]"))
                    .hasAttribute("aria-invalid", "true");
            Chrome.accessible(page);
            page.locator("#controls").scrollIntoViewIfNeeded();
            Chrome.shot(page, "control-form", false);
            page.locator("[data-control-remove]").first().click();
            assertThat(page.locator("[data-control]")).hasCount(1);
            page.selectOption("[name=control1-network]", "short");
            page.fill("[name=control1-end]", "0.5");
            page.locator("#seeds").press("Control+Enter");
            assertThat(page.locator(".matrix .cell[data-state=done]")).hasCount(1);
            assertThat(page.locator(".matrix-control")).containsText("short · canny(100,200)");
            assertThat(page.locator(".matrix-control")).containsText("steps 0 … 0.5");
            page.reload();
            assertThat(page.locator("[name=control1-network]")).hasValue("short");
            assertThat(page.locator("[name=control1-end]")).hasValue("0.5");
            assertNotEquals(
                    0, page.locator("[data-control-preview]").evaluate(DRAWN), "preview is there");
            Chrome.accessible(page);
            Chrome.fits(page);
            Chrome.shot(page, "control", false);
            chrome.lookOnPhone(page.url(), "control");
            // Refusals are answers of the server, which a browser notes on its console.
            assertEquals(
                    List.of(),
                    chrome.problems().stream().filter(p -> !p.contains("status of 400")).toList());
        }
    }
}
