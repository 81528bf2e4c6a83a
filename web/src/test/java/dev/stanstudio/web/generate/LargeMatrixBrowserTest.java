package dev.stanstudio.web.generate;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.stanstudio.web.picture.StoredPicture;
import dev.stanstudio.web.testing.Chrome;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A matrix of many pictures in a real Chromium. */
class LargeMatrixBrowserTest {
    private static final int PICTURES = 200;

    @TempDir Path folder;

    private static final String COUNT_CELLS =
            """
            window.cellsTold = 0;
            window.EventSource = class extends EventSource {
              addEventListener(name, handle) {
                super.addEventListener(name, (event) => {
                  handle(event);
                  if (name === "cell") window.cellsTold++;
                });
              }
            };
            """;

    private static void seen(Locator picture) {
        assertThat(picture).hasJSProperty("complete", true);
        assertThat(picture).hasJSProperty("naturalWidth", 64);
    }

    @Test
    void picturesAreFetchedWhenTheyComeIntoSight() {
        try (Chrome chrome = new Chrome();
                PaintedStudio studio = new PaintedStudio(folder)) {
            List<Long> seeds = LongStream.range(0, PICTURES).boxed().toList();
            List<StoredPicture> all = studio.paint(List.of("a boat"), List.of(""), seeds);
            Page page = chrome.page(1440, 900, ColorScheme.DARK);
            Set<String> asked = ConcurrentHashMap.newKeySet();
            page.onRequest(
                    request -> {
                        if (request.url().endsWith("/thumbnail.png")) {
                            asked.add(request.url());
                        }
                    });
            page.addInitScript(COUNT_CELLS);
            page.navigate(studio.address() + "/generate/" + all.get(0).matrix());
            Locator pictures = page.locator(".cell img");
            assertThat(pictures).hasCount(PICTURES);
            seen(pictures.first());
            // The connection brings every finished cell again.
            page.waitForFunction("() => window.cellsTold >= %d".formatted(PICTURES));
            pictures.last().scrollIntoViewIfNeeded();
            seen(pictures.last());
            assertTrue(asked.size() < PICTURES / 2, asked.size() + " of " + PICTURES);
            assertEquals(List.of(), chrome.problems());
        }
    }
}
