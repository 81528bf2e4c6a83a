package dev.stanstudio.web.generate;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.stanstudio.sd3.pipeline.SamplingOptions;
import dev.stanstudio.sd3.pipeline.WeightedAdapter;
import dev.stanstudio.web.matrix.Method;
import dev.stanstudio.web.picture.MatrixRequest;
import dev.stanstudio.web.testing.Chrome;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A finished matrix leads to a comparison, a study, scores and a download of its pictures. */
class MatrixNextBrowserTest {
    private static final Method INK =
            new Method("ink", List.of(new WeightedAdapter("ink", null, 1)));

    @TempDir Path folder;

    private static MatrixRequest of(PaintedStudio studio, List<Method> methods) {
        return new MatrixRequest(
                DrawingStudio.model(),
                List.of("a boat", "a cat"),
                List.of(""),
                methods,
                List.of(1L),
                "",
                64,
                64,
                SamplingOptions.of(studio.studio.defaults()),
                null);
    }

    @Test
    void twoMethodsAreComparedVotedOnAndScored() {
        try (Chrome chrome = new Chrome();
                PaintedStudio studio = new PaintedStudio(folder)) {
            studio.paint(of(studio, List.of(Method.NONE, INK)), false);
            Page page = chrome.page(1440, 900, ColorScheme.DARK);
            page.navigate(studio.address() + "/generate");
            assertThat(page.locator("#recent-matrices a").first()).containsText("a boat 4");
            assertThat(page.locator("#matrix-next button:visible"))
                    .hasText(new String[] {"Compare", "Score", "Make a study", "Download zip"});
            chrome.look(page, "matrix-next");
            page.setViewportSize(1024, 700);
            assertEquals(
                    true,
                    page.evaluate(
                            """
                            () => {
                              const box = (of) => document.querySelector(of).getBoundingClientRect();
                              return box('#cell-size').bottom <= box('#compare-matrix').top;
                            }
                            """),
                    "the size of the cells stands above the buttons");
            page.setViewportSize(1440, 900);
            chrome.lookOnPhone(page.url(), "matrix-next");

            page.click("#matrix-next >> text=Make a study");
            page.waitForURL("**/studies/new");
            assertThat(page.locator("#picked")).hasText(Pattern.compile("2 prompts by .*ink"));
            page.goBack();

            page.click("#compare-matrix");
            page.waitForURL("**/compare?**");
            assertThat(page.locator("#pair-place")).hasText("1 of 2");
            page.goBack();

            assertEquals(
                    "4",
                    page.evaluate(
                            "() => String(new FormData(document.querySelector('#matrix-next'))"
                                    + ".getAll('id').length)"));
            assertThat(page.locator("#matrix-next [formaction='/scores/new']")).isVisible();
            assertEquals(List.of(), chrome.problems());
        }
    }

    @Test
    void nothingIsOfferedForPicturesThatWait() {
        try (Chrome chrome = new Chrome();
                PaintedStudio studio = new PaintedStudio(folder)) {
            studio.studio
                    .pictures()
                    .add("painter", of(studio, List.of(Method.NONE)), studio.studio.defaults());
            Page page = chrome.page(1024, 768, ColorScheme.LIGHT);
            page.navigate(studio.address() + "/generate");
            assertThat(page.locator(".cell[data-state=queued]")).hasCount(2);
            assertThat(page.locator(".cell .seed").first()).hasText("seed 1");
            assertThat(page.locator("#matrix-next")).isHidden();
        }
    }

    @Test
    void oneMethodIsNoStudy() {
        try (Chrome chrome = new Chrome();
                PaintedStudio studio = new PaintedStudio(folder)) {
            studio.paint(List.of("a boat"), List.of(""), List.of(1L));
            Page page = chrome.page(1024, 768, ColorScheme.LIGHT);
            page.navigate(studio.address() + "/generate");
            assertThat(page.locator("#matrix-next button:visible"))
                    .hasText(new String[] {"Score", "Download zip"});
        }
    }
}
