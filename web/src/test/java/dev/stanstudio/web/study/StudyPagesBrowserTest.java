package dev.stanstudio.web.study;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.stanstudio.web.study.source.Sources;
import dev.stanstudio.web.study.source.StudyPictures;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.testing.Chrome;
import dev.stanstudio.web.testing.Requests;
import dev.stanstudio.web.testing.TestStudio;
import dev.stanstudio.web.testing.Voter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Looks at the pages of a study's author and voters in Chromium when things happen meanwhile. */
class StudyPagesBrowserTest extends StudyInBrowser {
    private static Study study() throws IOException {
        return studio.study(Requests.boats().votes(20).trials(5).raters(4), 4);
    }

    private static Page visitor() {
        return chrome.page(1440, 900, ColorScheme.LIGHT);
    }

    private static void await(Page page, int number) {
        page.waitForSelector(".vote-count >> text=" + number + " of ");
        page.waitForSelector(".choice:not([disabled])");
    }

    @Test
    void aSecondTabGoesOnWhereTheFirstIs() throws IOException {
        Study study = study();
        Page first = visitor();
        first.navigate(studio.address("/vote/" + study.link()));
        first.click(".vote-begin");
        await(first, 1);
        Page second = first.context().newPage();
        second.navigate(studio.address("/vote/" + study.link()));
        await(second, 1);
        first.click(".choice[value='1']");
        await(first, 2);
        second.click(".choice[value='2']");
        await(second, 2);
        assertThat(second.locator("#notice")).containsText("has your answer already");
        second.click(".choice[value='2']");
        await(second, 3);
        assertEquals(2, studio.store.rowCount(study));
        first.context().close();
    }

    @Test
    void aLockMeanwhileEndsInThanks() throws IOException {
        Study study = study();
        Page page = visitor();
        page.navigate(studio.address("/vote/" + study.link()));
        page.click(".vote-begin");
        await(page, 1);
        studio.store.lock(study.id());
        page.click(".choice[value='1']");
        page.waitForSelector("text=Thank you");
        assertThat(page.locator("main")).containsText("closed this study early");
        Chrome.accessible(page);
        Chrome.shot(page, "thanks-early", true);
        assertEquals(0, studio.store.rowCount(study));
        page.context().close();
    }

    @Test
    void whatIsOpenStaysOpenWhileVotesComeIn() throws IOException {
        Study study = study();
        new Voter(studio, study).voteAll(study, 0, List.of(1, 0, 2));
        Page page = visitor();
        page.navigate(studio.address("/studies/" + study.id()));
        page.locator("#live summary").click();
        page.locator("#live summary").focus();
        page.waitForResponse("**/results", () -> {});
        new Voter(studio, study).voteAll(study, 1, List.of(1, 0, 2));
        assertThat(page.locator("#live .figures strong").first()).hasText("10");
        assertTrue((Boolean) page.evaluate("document.querySelector('#live details').open"));
        assertEquals("SUMMARY", page.evaluate("document.activeElement.tagName"));
        chrome.look(page, "study-open-votes");
        page.context().close();
        chrome.lookOnPhone(studio.address("/studies/" + study.id()), "study-open");
    }

    @Test
    void theLinkIsCopiedAndATitleThatNamesAMethodIsTold() throws IOException {
        Study study = study();
        Page page = visitor();
        page.context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
        page.navigate(studio.address("/studies/" + study.id()));
        page.click("text=Copy");
        assertThat(page.locator("#copied")).hasText("Copied.");
        assertEquals(page.inputValue("#link"), page.evaluate("navigator.clipboard.readText()"));
        page.navigate(studio.address("/studies/new"));
        page.fill("#source", studio.pictures(4, 48).toString());
        page.fill("#title", "Does SparseStan help?");
        assertThat(page.locator("#material")).containsText("4 prompts by LowRank");
        assertThat(page.locator("#title-named")).containsText("names SparseStan");
        chrome.look(page, "study-new-title");
        page.fill("#title", "Which boat is nicer?");
        assertThat(page.locator("#title-named")).isEmpty();
        page.context().close();
    }

    @Test
    void theStyleStandsInTheTrialOnAnyScreen() throws IOException {
        Path pictures = studio.pictures(1, 48);
        String prompt = "a lighthouse on a cliff above a stormy sea at dusk, with gulls ".repeat(4);
        List<StudyPictures.Entry> entries =
                TestStudio.METHODS.stream()
                        .map(
                                method ->
                                        new StudyPictures.Entry(
                                                method,
                                                prompt,
                                                "post impressionism",
                                                "1",
                                                pictures.resolve(method + "/a_red_boat_0.png")))
                        .toList();
        Study study =
                Requests.boats()
                        .questions(List.of("Which picture is closer to the style?"))
                        .styles(pictures.resolve("LowRank"))
                        .votes(20)
                        .trials(3)
                        .raters(8)
                        .build()
                        .make(studio.store, Sources.entries(entries));
        for (int width : new int[] {360, 1440}) {
            Page page = chrome.page(width, width == 360 ? 640 : 900, ColorScheme.DARK);
            page.navigate(studio.address("/vote/" + study.link()));
            page.click(".vote-begin");
            await(page, 1);
            assertThat(page.locator(".vote-style")).isInViewport();
            assertThat(page.locator(".vote-style")).hasText("Style: post-impressionism");
            assertThat(page.locator(".choice").last()).isInViewport();
            Chrome.accessible(page);
            Chrome.fits(page);
            Chrome.shot(page, "trial-style-" + width, false);
            page.context().close();
        }
    }

    @Test
    void aLockedStudyAndItsReportShowTheirPictures() throws IOException {
        Study study = studio.study(Requests.boats().votes(60).trials(12).raters(8).checks(2), 6);
        for (int rater = 0; rater < 4; rater++) {
            Voter.from("203.0.113." + rater, studio, study)
                    .voteAll(study, rater, rater == 3 ? List.of(0, 2, 1) : List.of(1, 0, 2));
        }
        studio.store.lock(study.id());
        for (String path : List.of("", "/report/report.html")) {
            String address = studio.address("/studies/" + study.id() + path);
            String name = path.isEmpty() ? "study-early" : "report-early";
            for (ColorScheme scheme : ColorScheme.values()) {
                if (scheme == ColorScheme.NO_PREFERENCE) {
                    continue;
                }
                Page page = chrome.page(1440, 900, scheme);
                page.navigate(address);
                page.locator("summary:has-text('Every pair')").click();
                page.locator(".results-side img").last().scrollIntoViewIfNeeded();
                assertEquals(
                        true,
                        page.evaluate(
                                """
                                [...document.querySelectorAll(".results-pair img")]
                                  .every((image) => image.complete && image.naturalWidth > 0)\
                                """));
                chrome.look(page, name + "-" + scheme.name().toLowerCase(java.util.Locale.ROOT));
                page.context().close();
            }
            chrome.lookOnPhone(address, name);
        }
        Page page = visitor();
        page.navigate(studio.address("/studies"));
        chrome.look(page, "studies-early");
        page.context().close();
    }
}
