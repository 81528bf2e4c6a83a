package dev.stanstudio.web.generate;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.ColorScheme;
import dev.stanstudio.web.testing.Chrome;
import dev.stanstudio.web.testing.Relay;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mistakes are told at the place where one looks, and nothing hides behind anything else. */
class ErrorsBrowserTest {
    @TempDir Path folder;

    @Test
    void mistakesAreToldBesideDrawAndAtTheirField() {
        try (Chrome chrome = new Chrome();
                DrawingStudio studio = new DrawingStudio(folder, 0)) {
            Page page = chrome.page(1440, 900, ColorScheme.LIGHT);
            page.navigate(studio.address() + "/generate");
            page.fill("#prompts", "a boat");
            page.evaluate("document.querySelector('#width').value = 4096");
            page.click("#draw");
            told(page, "width", "pixels a side; the width is 4096");
            Chrome.accessible(page);
            Chrome.shot(page, "errors", false);
            page.fill("#width", "100");
            assertThat(page.locator("#problem")).isEmpty();
            page.click("#draw");
            told(page, "width", "divisible by 16, not 100; use 96 or 112");
            page.fill("#width", "64");
            page.fill("#height", "48");
            page.fill("#seeds", "1-999999");
            page.click("#draw");
            assertThat(page.locator("#problem")).containsText("at most 2000");
            page.fill("#seeds", "x");
            page.click("#draw");
            told(page, "seeds", "x");
            page.fill("#seeds", "1");
            drop(page);
            assertThat(page.locator("#drop-note")).containsText("Close");
            BoundingBox note = page.locator("#drop-note").boundingBox();
            assertTrue(note.x > 400 && note.y > 200, "beside the place of the drop");
            Chrome.accessible(page);
            page.keyboard().press("Escape");
            assertThat(page.locator("#drop-note")).isHidden();
            assertEquals(
                    0,
                    studio.visitor().json(studio.visitor().get("/health")).path("queued").asInt());
        }
    }

    /** Refusals stand in the window, in the bar and at the field, which has the focus. */
    private static void told(Page page, String field, String words) {
        assertThat(page.locator("#problem")).containsText(words);
        assertThat(page.locator("#" + field)).isFocused();
        assertThat(page.locator("#" + field)).hasAttribute("aria-invalid", "true");
        String described = page.getAttribute("#" + field, "aria-describedby");
        assertTrue(described.contains("problem-at-field"), described);
        BoundingBox bar = page.locator("#problem").boundingBox();
        assertTrue(bar.y >= 0 && bar.y + bar.height <= page.viewportSize().height, "in the window");
        BoundingBox box = page.locator("#" + field).boundingBox();
        double covered = page.locator(".generate-go").boundingBox().y;
        assertTrue(box.y >= 0 && box.y + box.height <= covered + 1, "not under the bar");
    }

    private static void drop(Page page) {
        page.evaluate(
                """
                () => { const files = new DataTransfer();
                  files.items.add(new File(['hello'], 'notes.txt', { type: 'text/plain' }));
                  const at = document.querySelector('.generate-stage');
                  at.dispatchEvent(new DragEvent('drop', { dataTransfer: files, bubbles: true,
                    cancelable: true, clientX: 700, clientY: 400 })); }
                """);
    }

    @Test
    void thePageSaysThatTheStudioIsGoneAndGoesOnWhenItIsBack() throws IOException {
        try (Chrome chrome = new Chrome();
                DrawingStudio studio = new DrawingStudio(folder, 0);
                Relay relay = new Relay(studio.server.port())) {
            Page page = chrome.page(1024, 768, ColorScheme.DARK);
            studio.visitor().order("\"prompts\":[\"a boat\"],\"steps\":2");
            page.navigate("http://127.0.0.1:" + relay.port() + "/generate");
            assertThat(page.locator(".cell[data-state=queued] .place")).containsText("no. 1");
            String id = page.getAttribute(".cell", "data-id");
            relay.cut();
            assertThat(page.locator("#connection")).containsText("does not answer");
            page.click("#draw");
            assertThat(page.locator("#problem")).containsText("does not answer");
            Chrome.shot(page, "gone", false);
            studio.visitor().post("/pictures/" + id + "/cancel");
            relay.join();
            assertThat(page.locator("#connection")).containsText("is back");
            assertThat(page.locator("#problem")).isEmpty();
            assertThat(page.locator(".cell[data-state=cancelled]")).hasCount(1);
        }
    }

    @Test
    void nothingHidesBehindAnythingElse() {
        try (Chrome chrome = new Chrome();
                DrawingStudio studio = new DrawingStudio(folder, 0)) {
            studio.visitor().order("\"prompts\":[\"" + "x".repeat(80) + "\"],\"steps\":2");
            Page page = chrome.page(900, 700, ColorScheme.DARK);
            page.navigate(studio.address() + "/generate");
            assertTrue(page.locator(".matrix tbody th").boundingBox().width < 200, "it breaks");
            assertEquals(
                    true,
                    page.evaluate("document.documentElement.scrollHeight <= innerHeight"),
                    "the panel ends with the window");
            Chrome.fits(page);
            page.locator("#prompts").focus();
            for (int i = 0; i < 40; i++) {
                page.keyboard().press("Tab");
                assertEquals(true, page.evaluate(SEEN), "focus " + i);
            }
            page.locator("#queue-drawer summary").click();
            page.waitForSelector(".queue-list");
            page.keyboard().press("Escape");
            assertThat(page.locator("#queue-drawer")).not().hasAttribute("open", "");
            assertThat(page.locator(".cell[data-state=queued]")).hasCount(1);
            for (int width : new int[] {1440, 1024, 360}) {
                page.setViewportSize(width, 740);
                Chrome.fits(page);
                Chrome.shot(page, "long-word-" + width, false);
            }
        }
    }

    /** The focus is outside the form, in the bar, or above the bar. */
    private static final String SEEN =
            """
            () => { const f = document.activeElement;
              const bar = document.querySelector('.generate-go');
              if (!f.closest('.generate-form') || bar.contains(f) || f.closest('.style-choice')) return true;
              return f.getBoundingClientRect().bottom <= bar.getBoundingClientRect().top + 13; }
            """;
}
