package dev.stanstudio.web.generate;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.FilePayload;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.base.image.PngFile;
import dev.stanstudio.web.testing.Chrome;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts from one's own picture under a painted mask, draws it again, and goes back to noise. */
class StartBrowserTest {
    private static final int WIDTH = 96;
    private static final int HEIGHT = 64;

    /** Opacity of the mask at a place, in fractions of its sides. */
    private static final String PAINTED =
            """
            ([x, y]) => { const c = document.querySelector('.mask-board canvas');
              return c.getContext('2d').getImageData(x * c.width, y * c.height, 1, 1).data[3]; }
            """;

    @TempDir Path folder;

    private static FilePayload picture() {
        byte[] samples = new byte[WIDTH * HEIGHT * 3];
        Arrays.fill(samples, (byte) 120);
        Picture grey = Picture.of(WIDTH, HEIGHT, PixelMode.RGB, samples);
        return new FilePayload("mine.png", "image/png", PngFile.bytes(grey, List.of()));
    }

    @Test
    void anOwnPictureIsPaintedOverAgainAndLeftForNoise() {
        try (Chrome chrome = new Chrome();
                DrawingStudio studio = new DrawingStudio(folder, 1)) {
            Page page = chrome.page(1440, 900, ColorScheme.DARK);
            page.navigate(studio.address() + "/generate");
            page.fill("#prompts", "a boat");
            page.fill("#more-styles", "sepia");
            page.evaluate(
                    "document.querySelectorAll('.style-choice input')"
                            + ".forEach(style => { style.checked = false; })");
            page.fill("#seeds", "5");
            page.locator("details.generate-more summary").click();
            page.fill("#steps", "2");
            page.setInputFiles("#start-file", picture());
            page.waitForSelector("[data-start-picture]");
            double shape =
                    Double.parseDouble(page.inputValue("#width"))
                            / Double.parseDouble(page.inputValue("#height"));
            assertTrue(shape > 1.2 && shape < 1.8, "the size follows the picture: " + shape);
            page.fill("#width", "64");
            page.fill("#height", "48");
            paint(page);
            undoAndRedo(page);
            page.locator("#mask-feather").fill("3");
            Chrome.accessible(page);
            Chrome.shot(page, "mask", false);
            page.keyboard().press("Escape");
            assertThat(page.locator("#mask-editor")).isHidden();
            assertThat(page.locator("#feather")).hasValue("3");
            String first = draw(page);
            assertThat(page.locator(".matrix-start")).containsText("started from a picture");
            assertThat(page.locator(".matrix-start")).containsText("soft edge 3");
            assertThat(page.locator(".recent-matrices [aria-current]"))
                    .hasAttribute("href", "/generate/" + first);
            Chrome.accessible(page);
            Chrome.shot(page, "start", false);
            page.reload();
            String mask = page.inputValue("input[name=mask]");
            assertTrue(mask.matches("[0-9a-f]{64}"), mask);
            String again = draw(page);
            assertNotEquals(first, again);
            page.locator("[data-start-noise]").click();
            assertThat(page.locator("input[name=image]")).hasCount(0);
            assertEquals("sepia", page.inputValue("#more-styles"));
            draw(page);
            assertThat(page.locator(".matrix-start")).hasCount(0);
            assertEquals(List.of(), chrome.problems());
        }
    }

    /** Draws and returns the id of the new matrix, which the page shows at once. */
    private static String draw(Page page) {
        String before =
                page.locator(".matrix").count() == 0
                        ? ""
                        : page.getAttribute(".matrix", "data-matrix");
        page.locator("#seeds").press("Control+Enter");
        assertThat(page.locator(".matrix"))
                .hasAttribute("data-matrix", Pattern.compile("^(?!" + before + "$).+"));
        assertThat(page.locator(".matrix .cell[data-state=done]")).hasCount(1);
        return page.getAttribute(".matrix", "data-matrix");
    }

    /** A quick stroke of two events far apart is a line; the ring follows, the keys change it. */
    private static void paint(Page page) {
        page.click("[data-mask-open]");
        page.waitForSelector("#mask-editor[data-ready]");
        BoundingBox box = page.locator(".mask-board canvas").boundingBox();
        page.mouse().move(box.x + 0.2 * box.width, box.y + 0.5 * box.height);
        page.mouse().down();
        page.mouse().move(box.x + 0.8 * box.width, box.y + 0.5 * box.height);
        page.mouse().up();
        BoundingBox ring = page.locator(".mask-ring").boundingBox();
        assertEquals(box.x + 0.8 * box.width, ring.x + ring.width / 2, 2);
        for (double x : List.of(0.2, 0.35, 0.5, 0.65, 0.8)) {
            assertEquals(255, page.evaluate(PAINTED, List.of(x, 0.5)), "painted at " + x);
        }
        assertEquals(0, page.evaluate(PAINTED, List.of(0.5, 0.1)));
        page.keyboard().press("]");
        assertTrue(page.locator(".mask-ring").boundingBox().width > ring.width, "larger");
        page.keyboard().press("[");
        page.keyboard().press("E"); // as with Caps Lock
        assertThat(page.locator("[data-mask=erase]")).hasAttribute("aria-pressed", "true");
        page.mouse().click(box.x + 0.5 * box.width, box.y + 0.5 * box.height);
        assertEquals(0, page.evaluate(PAINTED, List.of(0.5, 0.5)), "erased");
    }

    private static void undoAndRedo(Page page) {
        page.keyboard().press("Control+z");
        assertEquals(255, page.evaluate(PAINTED, List.of(0.5, 0.5)), "not erased any more");
        page.keyboard().press("Control+Shift+Z");
        assertEquals(0, page.evaluate(PAINTED, List.of(0.5, 0.5)));
        page.click("[data-mask=invert]");
        assertEquals(255, page.evaluate(PAINTED, List.of(0.5, 0.1)));
        page.click("[data-mask=undo]");
        // A stroke that the system ends paints no further.
        page.evaluate(
                """
                () => { const c = document.querySelector('.mask-board canvas');
                  const b = c.getBoundingClientRect();
                  c.setPointerCapture = () => {};
                  const send = (type, y) => c.dispatchEvent(new PointerEvent(type, { pointerId: 9,
                    clientX: b.x + b.width / 2, clientY: b.y + y * b.height, bubbles: true }));
                  document.querySelector('[data-mask=paint]').click();
                  send('pointerdown', 0.05); send('pointercancel', 0.05); send('pointermove', 0.95);
                  delete c.setPointerCapture; }
                """);
        assertEquals(0, page.evaluate(PAINTED, List.of(0.5, 0.95)), "ended");
        page.click("[data-mask=undo]");
    }
}
