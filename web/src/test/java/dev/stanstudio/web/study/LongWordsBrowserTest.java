package dev.stanstudio.web.study;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.web.study.source.Sources;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.study.store.StudyRequest;
import dev.stanstudio.web.testing.Chrome;
import dev.stanstudio.web.testing.Requests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Texts with words that are longer than a line of a phone. */
class LongWordsBrowserTest extends StudyInBrowser {
    private static BrowserContext phone() {
        return chrome.browser()
                .newContext(new Browser.NewContextOptions().setViewportSize(360, 740));
    }

    /** Addresses and names without a blank are broken rather than widen the page. */
    @Test
    void wordsLongerThanALineStayOnThePage() throws IOException {
        String word = "w".repeat(190);
        Study study =
                StudyRequest.titled(word)
                        .introduction("https://example.org/" + word)
                        .questions(List.of(word))
                        .trials(4)
                        .votes(100)
                        .admission(Requests.EVERYBODY)
                        .build()
                        .make(studio.store, Sources.read(longNames("p".repeat(180))));
        try (BrowserContext context = phone()) {
            Page page = context.newPage();
            page.navigate(studio.address("/vote/" + study.link()));
            Chrome.fits(page);
            page.click(".vote-begin");
            page.waitForSelector(".choice:not([disabled])");
            Chrome.fits(page);
            page.navigate(studio.address("/studies"));
            Chrome.fits(page);
            page.navigate(studio.address("/studies/" + study.id()));
            Chrome.fits(page);
        }
    }

    /** Pictures of two methods whose prompts are {@code name} and a number. */
    private static Path longNames(String name) throws IOException {
        Path source = folder.resolve("long");
        for (String method : List.of("one", "two")) {
            Path own = Files.createDirectories(source.resolve(method));
            for (int i = 0; i < 4; i++) {
                Picture.of(48, 48, PixelMode.RGB, new byte[48 * 48 * 3])
                        .writePng(own.resolve(name + i + ".png"));
            }
        }
        return source;
    }
}
