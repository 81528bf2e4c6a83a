package dev.stanstudio.web.generate;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.stanstudio.web.testing.Chrome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real Chromium, mostly by keyboard: draw, cancel, star, compare, recall, delete. */
class GenerateBrowserTest {
    @TempDir Path folder;

    @Test
    void aMatrixFromPromptToGallery() throws IOException {
        try (Chrome chrome = new Chrome();
                DrawingStudio studio = new DrawingStudio(folder, 1)) {
            Page page = chrome.page(1440, 900, ColorScheme.DARK);
            draw(page, studio.address());
            cancelByKey(page);
            recall(page);
            compareByKey(page);
            deleteAndUndo(page, studio.address());
            assertEquals(List.of(), chrome.problems());
        }
    }

    private static void draw(Page page, String address) {
        page.navigate(address + "/generate");
        page.fill("#prompts", "a boat\na cat");
        for (String style : List.of("ukiyo-e", "impressionism")) {
            page.locator(".style-choice input[value='" + style + "']").uncheck();
        }
        page.locator("details.generate-more summary").click();
        page.fill("#width", "64");
        page.fill("#height", "48");
        page.fill("#steps", "4");
        page.fill("#seeds", "3");
        assertTrue(page.textContent("#draw").contains("4 pictures"), page.textContent("#draw"));
        page.locator("#seeds").press("Control+Enter");
        assertThat(page.locator(".cell[data-state=done]")).hasCount(4);
        accessible(page);
        shot(page, "generate");
        page.setViewportSize(360, 740);
        Chrome.fits(page);
        shot(page, "generate-phone");
        page.setViewportSize(1440, 900);
    }

    private static void cancelByKey(Page page) {
        String before = page.getAttribute(".matrix", "data-matrix");
        page.fill("#prompts", "a boat");
        page.fill("#steps", "10000");
        page.locator("#seeds").press("Control+Enter");
        assertThat(page.locator(".matrix")).not().hasAttribute("data-matrix", before);
        page.waitForSelector(".cell[data-state=running] .preview[src]");
        page.locator(".cell[tabindex='0']").focus();
        page.keyboard().press("Escape");
        page.waitForSelector(".cell[data-state=cancelled]");
        page.keyboard().press("ArrowRight");
        page.waitForSelector(".cell[data-state=running]");
        page.keyboard().press("Escape");
        assertThat(page.locator(".cell[data-state=cancelled]")).hasCount(2);
        page.goBack();
    }

    private static void recall(Page page) throws IOException {
        assertThat(page.locator(".cell[data-state=done]")).hasCount(4);
        String source = page.locator(".cell img").nth(3).getAttribute("src");
        byte[] png =
                page.context()
                        .request()
                        .get(
                                page.url().replaceFirst("/generate.*", "")
                                        + source.replace("/thumbnail", ""))
                        .body();
        Path file = Files.createTempFile("recalled", ".png");
        Files.write(file, png);
        page.fill("#prompts", "something else");
        page.setInputFiles("#drop-file", file);
        assertThat(page.locator("#prompts")).hasValue("a cat");
        // Last of all the page puts the cursor there; keys pressed before that would be typed.
        assertThat(page.locator("#prompts")).isFocused();
        assertEquals("3", page.inputValue("#seeds"));
        Files.delete(file);
    }

    private static void compareByKey(Page page) {
        page.locator(".cell").first().focus();
        page.keyboard().press("s");
        page.waitForSelector(".cell[data-starred=yes]");
        page.keyboard().press("c");
        page.waitForURL("**/compare**");
        for (String mode : List.of("wipe", "flicker", "difference", "side")) {
            page.keyboard().press("m");
            assertEquals(mode, page.getAttribute("#compare", "data-mode"));
        }
        accessible(page);
        shot(page, "compare");
    }

    private static void deleteAndUndo(Page page, String address) {
        page.navigate(address + "/gallery");
        page.locator(".tile a").first().focus();
        page.keyboard().press("x");
        page.keyboard().press("ArrowRight");
        page.keyboard().press("ArrowRight");
        page.keyboard().press("Shift+X");
        assertEquals("3 chosen", page.textContent("#chosen-count"));
        accessible(page);
        shot(page, "gallery");
        page.keyboard().press("Delete");
        assertThat(page.locator(".tile:not(.gone)")).hasCount(1);
        page.keyboard().press("Enter"); // the undo has the focus
        assertThat(page.locator(".tile:not(.gone)")).hasCount(4);
        page.locator(".tile a").first().click();
        page.waitForSelector(".picture");
        accessible(page);
        shot(page, "picture");
    }

    private static void accessible(Page page) {
        Chrome.accessible(page);
    }

    private static void shot(Page page, String name) {
        Chrome.shot(page, name, false);
    }
}
