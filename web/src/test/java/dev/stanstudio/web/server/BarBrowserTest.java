package dev.stanstudio.web.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.stanstudio.web.generate.DrawingStudio;
import dev.stanstudio.web.testing.Chrome;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bar of a phone shows where one is, though its entries are wider than the screen. */
class BarBrowserTest {
    private static final int WIDTH = 360;

    @TempDir Path folder;

    @Test
    void theEntryOfThisPageIsInSight() {
        try (Chrome chrome = new Chrome();
                DrawingStudio studio = new DrawingStudio(folder, 0)) {
            Page page = chrome.page(WIDTH, 740, ColorScheme.DARK);
            for (String path : List.of("/generate", "/adapters", "/studies")) {
                page.navigate(studio.address() + path);
                assertThat(page.locator(".page-bar [aria-current]")).hasAttribute("href", path);
                page.waitForFunction(
                        """
                        () => {
                          const here = document.querySelector('.page-bar [aria-current]');
                          const [a, b] = [here, here.parentElement].map(e => e.getBoundingClientRect());
                          return a.left >= b.left && a.right <= b.right;
                        }
                        """,
                        null,
                        new Page.WaitForFunctionOptions().setTimeout(20_000));
                Chrome.fits(page);
            }
        }
    }
}
