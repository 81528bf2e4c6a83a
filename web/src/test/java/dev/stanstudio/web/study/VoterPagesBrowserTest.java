package dev.stanstudio.web.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.ColorScheme;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.web.study.plan.ConsentTerms;
import dev.stanstudio.web.study.plan.StudySettings;
import dev.stanstudio.web.study.source.Sources;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.study.store.StudyRequestBuilder;
import dev.stanstudio.web.testing.Chrome;
import dev.stanstudio.web.testing.Requests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Voters' pages in a real Chromium, on a desktop and on a phone, in several languages. */
class VoterPagesBrowserTest extends StudyInBrowser {
    private static StudyRequestBuilder request() throws IOException {
        return Requests.boats()
                .questions(List.of("Which picture is closer to the style?"))
                .styles(references())
                .consent(
                        new ConsentTerms(
                                "Institute of Seeing", "ethics@seeing.example", "", "", "", 18))
                .checks(2)
                .repeats(2)
                .training(2)
                .votes(500)
                .trials(6)
                .raters(20)
                .admission(Requests.EVERYBODY);
    }

    private static Study study(StudyRequestBuilder request) throws IOException {
        return request.build().make(studio.store, Sources.read(studio.pictures(6, 256)));
    }

    private static Path references() throws IOException {
        Path references = Files.createDirectories(folder.resolve("references"));
        for (int i = 0; i < 4; i++) {
            byte[] samples = new byte[300 * 300 * 3];
            new Random(i).nextBytes(samples);
            Picture.of(300, 300, PixelMode.RGB, samples)
                    .writePng(references.resolve("style-" + i + ".png"));
        }
        return references;
    }

    private static BrowserContext context(int width, int height, ColorScheme scheme, String tag) {
        return chrome.browser()
                .newContext(
                        new Browser.NewContextOptions()
                                .setViewportSize(width, height)
                                .setHasTouch(width < 600)
                                .setLocale(tag)
                                .setColorScheme(scheme));
    }

    private static Page begin(BrowserContext context, Study study) {
        Page page = context.newPage();
        page.navigate(studio.address("/vote/" + study.link()));
        page.click(".vote-begin");
        ready(page, 1);
        return page;
    }

    private static void ready(Page page, int number) {
        page.waitForSelector("section#trial progress[value='" + (number - 1) + "']");
        page.waitForSelector(".choice:not([disabled])");
    }

    /** Each of three pictures has its number, and its own button nearest to it. */
    @ParameterizedTest
    @CsvSource({
        "1440, 900, DARK, en", "1440, 900, LIGHT, de",
        "360, 740, LIGHT, de", "360, 740, DARK, ja"
    })
    void ofThreeAtOnceEachHasItsNumberAndItsButton(
            int width, int height, ColorScheme scheme, String tag) throws IOException {
        Study study = study(request().arrangement(StudySettings.Arrangement.ALL));
        try (BrowserContext context = context(width, height, scheme, tag)) {
            Page page = begin(context, study);
            List<Locator> figures = page.locator(".vote-several figure").all();
            assertEquals(3, figures.size());
            for (int i = 0; i < 3; i++) {
                Locator figure = figures.get(i);
                assertEquals("" + (i + 1), figure.locator(".vote-number").textContent());
                Locator choice = figure.locator(".choice");
                assertEquals("" + (i + 1), choice.getAttribute("value"));
                assertTrue(choice.textContent().contains("" + (i + 1)), choice.textContent());
                beside(figure.locator("img").boundingBox(), choice.boundingBox(), width < 600);
            }
            allInside(page, height);
            Chrome.accessible(page);
            Chrome.fits(page);
            Chrome.shot(page, name("vote-three", width, scheme, tag), false);
            page.locator(".choice[value='2']").click();
            ready(page, 2);
            page.keyboard().press("3");
            ready(page, 3);
            assertEquals(2, studio.store.rowCount(study));
        }
    }

    /** Under the picture, or on a phone at its right side, where there is room. */
    private static void beside(BoundingBox picture, BoundingBox button, boolean phone) {
        assertTrue(button.height >= 44, "height " + button.height);
        if (phone) {
            assertTrue(button.x >= picture.x + picture.width - 1, "at the right");
            double middle = button.y + button.height / 2;
            assertTrue(middle > picture.y && middle < picture.y + picture.height, "same row");
        } else {
            assertTrue(button.y >= picture.y + picture.height - 1, "below");
            double middle = button.x + button.width / 2;
            assertTrue(middle > picture.x && middle < picture.x + picture.width, "same column");
        }
        assertTrue(picture.height >= 100 && picture.width >= 100, "tiny picture");
    }

    private static void allInside(Page page, int height) {
        for (Locator button : page.locator(".choice").all()) {
            BoundingBox box = button.boundingBox();
            assertTrue(box.y + box.height <= height, "button below the window");
        }
        BoundingBox foot = page.locator(".vote-foot").boundingBox();
        assertEquals(height, foot.y + foot.height, 1, "the foot is at the lower edge");
    }

    /** With style pictures above, two pictures fit; the buttons of three do without scrolling. */
    @Test
    void onAPhoneOnItsSidePicturesCanBeJudged() throws IOException {
        for (StudySettings.Arrangement shown : StudySettings.Arrangement.values()) {
            Study study = study(request().arrangement(shown));
            try (BrowserContext context = context(740, 360, ColorScheme.DARK, "de")) {
                Page page = begin(context, study);
                double foot = page.locator(".vote-foot").boundingBox().y;
                for (Locator picture : page.locator(".vote-pictures img").all()) {
                    assertTrue(picture.boundingBox().height >= 140, "tiny picture");
                }
                for (Locator button : page.locator(".choice:not(.tie)").all()) {
                    BoundingBox box = button.boundingBox();
                    assertTrue(box.height >= 44 && box.y + box.height <= foot, shown + " button");
                }
                Chrome.fits(page);
                page.locator(".choice.tie").click();
                ready(page, 2);
            }
        }
    }

    private static String name(String page, int width, ColorScheme scheme, String tag) {
        return "%s-%d-%s-%s".formatted(page, width, scheme.name().toLowerCase(Locale.ROOT), tag);
    }

    /** By mouse or finger and by keys; Escape goes back, and no vote is cast meanwhile. */
    @ParameterizedTest
    @CsvSource({"1440, 900", "360, 740"})
    void referencesCanBeEnlarged(int width, int height) throws IOException {
        Study study = study(request());
        try (BrowserContext context = context(width, height, ColorScheme.LIGHT, "en")) {
            Page page = begin(context, study);
            assertEquals(4, page.locator(".vote-reference").count());
            page.locator(".vote-reference").nth(2).click();
            Locator shown = page.locator("dialog[open] img");
            shown.waitFor();
            assertEquals("Example 3 of the style", shown.getAttribute("alt"));
            assertTrue(shown.boundingBox().width >= width - 1);
            Chrome.accessible(page);
            Chrome.shot(page, "vote-reference-" + width, false);
            page.keyboard().press("1");
            page.keyboard().press("Escape");
            page.waitForCondition(() -> page.locator("dialog").count() == 0);

            page.locator(".vote-reference").nth(3).focus();
            page.keyboard().press("Enter");
            shown.waitFor();
            assertEquals("Example 4 of the style", shown.getAttribute("alt"));
            for (int i = 0; i < 3; i++) {
                page.keyboard().press("Enter");
            }
            assertEquals("Example 3 of the style", shown.getAttribute("alt"));
            assertTrue(page.locator("dialog p").textContent().endsWith("tap to go back"));
            page.keyboard().press("Enter");
            page.waitForCondition(() -> page.locator("dialog").count() == 0);
            assertEquals(0, studio.store.rowCount(study));

            page.locator(".vote-look").first().click();
            shown.waitFor();
            assertEquals("Picture 1", shown.getAttribute("alt"));
            assertTrue(
                    (int) page.evaluate("document.querySelector('.vote-strip img').naturalWidth")
                            >= 512,
                    "there is something to see");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1440, 900, DARK, de",
        "360, 740, LIGHT, de",
        "360, 740, DARK, ja",
        "1440, 900, LIGHT, ja"
    })
    void everyPageFitsInEveryLanguage(int width, int height, ColorScheme scheme, String tag)
            throws IOException {
        Study study = study(request());
        try (BrowserContext context = context(width, height, scheme, tag)) {
            Page page = context.newPage();
            List<String> problems = new ArrayList<>();
            page.onPageError(problems::add);
            page.navigate(studio.address("/vote/" + study.link()));
            assertEquals(tag, page.getAttribute("html", "lang"));
            look(page, name("consent", width, scheme, tag));
            page.click(".vote-languages summary");
            assertEquals(7, page.locator(".vote-languages a:visible").count());
            look(page, name("languages", width, scheme, tag));
            page.click(".vote-languages summary");
            page.click(".vote-begin");
            ready(page, 1);
            allInside(page, height);
            Chrome.accessible(page);
            Chrome.fits(page);
            Chrome.shot(page, name("vote-pair", width, scheme, tag), false);
            page.locator(".choice[value='1']").click();
            ready(page, 2);
            page.click(".vote-foot > a");
            page.waitForSelector("article form");
            look(page, name("withdraw", width, scheme, tag));
            page.click(".vote-begin");
            page.waitForCondition(() -> page.locator("form").count() == 0);
            look(page, name("withdrawn", width, scheme, tag));
            assertEquals(0, studio.store.rowCount(study));
            assertEquals(List.of(), problems);
        }
    }

    private static void look(Page page, String name) {
        Chrome.accessible(page);
        Chrome.fits(page);
        Chrome.shot(page, name, true);
    }

    /** Whoever reads another language than the browser's picks it, without scripts, too. */
    @Test
    void theMenuNeedsNoScript() throws IOException {
        Study study = study(request());
        try (BrowserContext context =
                chrome.browser()
                        .newContext(
                                new Browser.NewContextOptions()
                                        .setLocale("en")
                                        .setJavaScriptEnabled(false))) {
            Page page = context.newPage();
            page.navigate(studio.address("/vote/" + study.link()));
            page.click(".vote-languages summary");
            page.click("text=Français");
            page.waitForSelector("html[lang=fr]");
            page.click(".vote-begin");
            page.waitForSelector("section#trial");
            assertTrue(page.content().contains("Quelle image est la plus proche du style"));
            page.click(".choice[value='2']");
            page.waitForSelector("progress[value='1']");
            page.click(".vote-foot > a");
            page.click(".vote-begin");
            page.waitForSelector("text=Vos réponses sont supprimées");
            assertEquals(0, studio.store.rowCount(study));
            page.navigate(studio.address("/vote/" + study.link()));
            assertFalse(page.content().contains("vote-begin"), "no second part");
        }
    }
}
