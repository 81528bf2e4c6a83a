package dev.stanstudio.web.generate;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.ColorScheme;
import dev.stanstudio.web.picture.StoredPicture;
import dev.stanstudio.web.testing.Chrome;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page that compares two pictures, in a real Chromium. */
class CompareBrowserTest {
    private static final List<String> MODES = List.of("side", "wipe", "flicker", "difference");

    /** Pixels by which a picture's edge is outside of its window; the picture fills its box. */
    private static final String CUT_OFF =
            """
            () => Math.max(...[...document.querySelectorAll('.compare-window')].map((frame) => {
              const image = frame.querySelector('img');
              const [a, b] = [frame.getBoundingClientRect(), image.getBoundingClientRect()];
              const scale = Math.min(b.width / image.naturalWidth, b.height / image.naturalHeight);
              const [w, h] = [image.naturalWidth * scale, image.naturalHeight * scale];
              const [x, y] = [b.x + (b.width - w) / 2, b.y + (b.height - h) / 2];
              return Math.max(a.x - x, a.y - y, x + w - a.x - a.width, y + h - a.y - a.height);
            }))
            """;

    private static final String POINTER =
            """
            ([type, id, x, y]) => {
              const target = document.elementFromPoint(x, y);
              target.dispatchEvent(new PointerEvent(type, { bubbles: true, pointerId: id,
                pointerType: 'touch', clientX: x, clientY: y, isPrimary: id === 1 }));
            }
            """;

    @TempDir Path folder;

    private static String address(PaintedStudio studio, StoredPicture left, StoredPicture right) {
        return studio.address() + "/compare?a=" + left.id() + "&b=" + right.id();
    }

    private static void mode(Page page, String name) {
        page.locator(".compare-modes [data-mode=" + name + "]").click();
    }

    @Test
    void picturesAreWholeInEveryMode() {
        try (Chrome chrome = new Chrome();
                PaintedStudio studio = new PaintedStudio(folder)) {
            List<StoredPicture> two = studio.paint(List.of("a boat"), List.of("", "woodcut"), s(1));
            for (int width : List.of(1440, 1024, 360)) {
                ColorScheme scheme = width == 1024 ? ColorScheme.LIGHT : ColorScheme.DARK;
                Page page = chrome.page(width, width == 360 ? 740 : 900, scheme);
                page.navigate(address(studio, two.get(0), two.get(1)));
                for (String mode : MODES) {
                    mode(page, mode);
                    page.waitForFunction(
                            "() => [...document.images].every((i) => i.naturalWidth > 0)");
                    double cut = ((Number) page.evaluate(CUT_OFF)).doubleValue();
                    assertTrue(cut < 1, mode + " at " + width + " cuts off " + cut);
                    chrome.look(page, "compare-" + mode + "-" + width);
                }
                page.context().close();
            }
            assertEquals(List.of(), chrome.problems());
        }
    }

    private static List<Long> s(long... seeds) {
        return LongStream.of(seeds).boxed().toList();
    }

    private static BoundingBox window(Page page) {
        return page.locator(".compare-window").first().boundingBox();
    }

    private static double split(Page page) {
        return Double.parseDouble(page.inputValue("#wipe"));
    }

    private static double zoom(Page page) {
        return Double.parseDouble(
                page.evaluate(
                                "getComputedStyle(document.querySelector('#compare'))"
                                        + ".getPropertyValue('--zoom')")
                        .toString());
    }

    @Test
    void theDividerFollowsMouseAndFinger() {
        try (Chrome chrome = new Chrome();
                PaintedStudio studio = new PaintedStudio(folder)) {
            List<StoredPicture> two = studio.paint(List.of("a boat"), List.of("", "woodcut"), s(1));
            Page page = chrome.page(1440, 900, ColorScheme.DARK);
            page.navigate(address(studio, two.get(0), two.get(1)));
            mode(page, "wipe");
            BoundingBox box = window(page);
            page.mouse().move(box.x + box.width * 0.9, box.y + 50);
            page.mouse().down();
            assertEquals(90, split(page), 0.5);
            page.mouse().move(box.x + box.width * 0.25, box.y + 150);
            assertEquals(25, split(page), 0.5);
            page.mouse().up();
            page.mouse().move(box.x + box.width * 0.5, box.y + 150);
            assertEquals(25, split(page), 0.5);
            touch(page, "pointerdown", 1, box.x + box.width * 0.6, box.y + 80);
            touch(page, "pointermove", 1, box.x + box.width * 0.7, box.y + 80);
            assertEquals(70, split(page), 0.5);
            touch(page, "pointerup", 1, box.x + box.width * 0.7, box.y + 80);
            assertEquals(1, zoom(page), 1e-9);
        }
    }

    private static void touch(Page page, String type, int id, double x, double y) {
        page.evaluate(POINTER, List.of(type, id, x, y));
    }

    @Test
    void keysFingersAndWheelZoomAndDraggingMoves() {
        try (Chrome chrome = new Chrome();
                PaintedStudio studio = new PaintedStudio(folder)) {
            List<StoredPicture> two = studio.paint(List.of("a boat"), List.of("", "woodcut"), s(1));
            Page page = chrome.page(1440, 900, ColorScheme.DARK);
            page.navigate(address(studio, two.get(0), two.get(1)));
            mode(page, "side");
            page.locator("h1").click();
            page.keyboard().press("+");
            assertTrue(zoom(page) > 1);
            page.keyboard().press("0");
            assertEquals(1, zoom(page), 1e-9);
            page.keyboard().press("1");
            assertThat(page.locator("#zoom-now")).hasText("100 %");
            assertEquals(64, shownWidth(page), 0.5);
            page.keyboard().press("0");
            page.keyboard().press("-");
            assertTrue(zoom(page) < 1);
            page.keyboard().press("0");
            BoundingBox box = window(page);
            touch(page, "pointerdown", 1, box.x + 200, box.y + 200);
            touch(page, "pointerdown", 2, box.x + 300, box.y + 200);
            touch(page, "pointermove", 2, box.x + 600, box.y + 200);
            assertEquals(4, zoom(page), 0.01);
            touch(page, "pointerup", 1, box.x + 200, box.y + 200);
            touch(page, "pointerup", 2, box.x + 600, box.y + 200);
            double before = left(page);
            page.mouse().move(box.x + 300, box.y + 200);
            page.mouse().down();
            page.mouse().move(box.x + 340, box.y + 200);
            page.mouse().up();
            assertEquals(before + 40, left(page), 1);
            page.keyboard().press("ArrowRight");
            assertEquals(before, left(page), 1);
            page.mouse().wheel(0, 100);
            page.waitForFunction(
                    "() => parseFloat(document.querySelector('#compare').style"
                            + ".getPropertyValue('--zoom')) < 3.9");
        }
    }

    private static double left(Page page) {
        return page.locator(".compare-window img").first().boundingBox().x;
    }

    /** The width of the picture without the bars beside it. */
    private static double shownWidth(Page page) {
        BoundingBox box = page.locator(".compare-window img").first().boundingBox();
        return Math.min(box.width, box.height);
    }

    @Test
    void keysGoThroughThePairsOfTheMatrix() {
        try (Chrome chrome = new Chrome();
                PaintedStudio studio = new PaintedStudio(folder)) {
            List<StoredPicture> cells =
                    studio.paint(List.of("a boat", "a cat", "a dog"), List.of("", "woodcut"), s(1));
            Page page = chrome.page(1440, 900, ColorScheme.DARK);
            page.navigate(address(studio, cells.get(0), cells.get(1)));
            assertThat(page.locator("#pair-place")).hasText("1 of 3");
            page.keyboard().press("n");
            page.waitForURL("**/compare?a=" + cells.get(2).id() + "&b=" + cells.get(3).id());
            page.locator("#next-pair").click();
            page.waitForURL("**/compare?a=" + cells.get(4).id() + "&b=" + cells.get(5).id());
            assertThat(page.locator("#pair-place")).hasText("3 of 3");
            page.keyboard().press("x");
            page.waitForURL("**/compare?a=" + cells.get(5).id() + "&b=" + cells.get(4).id());
            assertThat(page.locator("#pair-place")).hasText("3 of 3");
            // Caps Lock is on.
            page.keyboard().press("P");
            page.waitForURL("**/compare?a=" + cells.get(3).id() + "&b=" + cells.get(2).id());
            assertThat(page.locator("#pair-place")).hasText("2 of 3");
            page.keyboard().press("a");
            assertThat(page.locator(".compare-left .star-button")).hasText("★ Starred");
            page.locator(".compare-right .star-button").click();
            assertThat(page.locator(".compare-right .star-button")).hasText("★ Starred");
            mode(page, "wipe");
            page.locator(".compare-left .star-button").click();
            assertThat(page.locator(".compare-left .star-button")).hasText("★ Star");
            assertEquals(List.of(), chrome.problems());
        }
    }

    @Test
    void chosenPicturesArePairedWithEachOther() {
        try (Chrome chrome = new Chrome();
                PaintedStudio studio = new PaintedStudio(folder)) {
            studio.paint(List.of("a boat", "a cat", "a dog"), List.of(""), s(1));
            Page page = chrome.page(360, 740, ColorScheme.LIGHT);
            page.navigate(studio.address() + "/gallery");
            page.locator("#choose-all").click();
            assertThat(page.locator("#chosen-count")).hasText("3 chosen");
            page.locator("#compare-chosen").click();
            assertThat(page.locator("#pair-place")).hasText("1 of 3");
            page.locator("#next-pair[href]").click();
            assertThat(page.locator("#pair-place")).hasText("2 of 3");
            page.locator("#swap").click();
            page.waitForURL(Pattern.compile("among=chosen"));
            assertThat(page.locator("#pair-place")).hasText("2 of 3");
            chrome.look(page, "compare-chosen-phone");
        }
    }
}
