package dev.stanstudio.web.job;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.stanstudio.web.adapters.AdaptersFeature;
import dev.stanstudio.web.adapters.ExplorerFeature;
import dev.stanstudio.web.generate.GenerateFeature;
import dev.stanstudio.web.home.Database;
import dev.stanstudio.web.picture.GalleryFeature;
import dev.stanstudio.web.scores.ScoresFeature;
import dev.stanstudio.web.server.ServerSettings;
import dev.stanstudio.web.server.StudioContext;
import dev.stanstudio.web.server.StudioServer;
import dev.stanstudio.web.testing.BuiltInJudges;
import dev.stanstudio.web.testing.Chrome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * In a real Chromium: an adapter is trained, its features are read, explored and steered, and what
 * was drawn is scored.
 */
@ExtendWith(BuiltInJudges.class)
class WorkBrowserTest {
    @TempDir static Path folder;

    @Test
    void fromTrainingToScores() throws IOException {
        StudioContext studio =
                WorkStudio.with(folder, "three-styles", 18, "woodcut,cubism,impasto");
        try (Chrome chrome = new Chrome();
                Database database = studio.database();
                StudioServer server =
                        StudioServer.start(
                                new ServerSettings("127.0.0.1", 0, ""),
                                studio,
                                List.of(
                                        new GenerateFeature(),
                                        new GalleryFeature(),
                                        new AdaptersFeature(),
                                        new JobsFeature(),
                                        new ExplorerFeature(),
                                        new ScoresFeature()))) {
            Page page = chrome.page(1440, 900, ColorScheme.DARK);
            train(chrome, page, server.address());
            explore(chrome, page, server.address());
            recall(page, server.address());
            score(chrome, page, server.address());
            // Chromium reports the forms that were sent with impossible names, and nothing else.
            assertEquals(2, chrome.problems().size(), chrome.problems().toString());
            chrome.problems().forEach(said -> assertTrue(said.contains("status of 422"), said));
        }
    }

    private static void train(Chrome chrome, Page page, String address) {
        page.navigate(address + "/adapters");
        page.click("text=Train an adapter");
        page.fill("#name", "../elsewhere");
        page.click("button:has-text('Train')");
        assertThat(page.locator("#name-refused")).containsText("the name must be");
        assertThat(page.locator("#name")).isFocused();
        page.fill("#name", "tiny-stan");
        page.fill("#steps", "12");
        page.click("summary");
        page.fill("#batch", "2");
        chrome.look(page, "train");
        page.click("button:has-text('Train')");
        page.waitForURL("**/jobs/**");
        // Told by the server; nobody reloads.
        assertThat(page.locator("[data-state=done]")).hasCount(1);
        assertThat(page.locator("svg.training-curve")).hasCount(1);
        assertThat(page.locator(".job-phase")).hasCount(3);
        assertThat(page.locator(".job-phase").first()).containsText("18 of 18");
        assertThat(page.locator(".sample-captions li")).hasCount(4);
        chrome.look(page, "training");
        chrome.lookOnPhone(page.url(), "training");
        page.click("text=See what came out");
        assertThat(page.locator("#tiny-stan h2")).hasText("tiny-stan");
        page.click("#tiny-stan >> text=Describe, rename, delete");
        page.fill("#description-tiny-stan", "Three styles at once.");
        page.fill("#words-tiny-stan", "in the style of woodcut");
        page.click("#tiny-stan >> text=Save");
        assertThat(page.locator("#tiny-stan")).containsText("Three styles at once.");
        page.click("#tiny-stan >> text=Describe, rename, delete");
        chrome.look(page, "adapters");
        chrome.lookOnPhone(address + "/adapters", "adapters");
        page.click("#tiny-stan >> text=Draw with it");
        assertThat(page.locator("input[name=method][value=tiny-stan]")).isChecked();
        assertThat(page.locator("#prompts")).hasValue(Pattern.compile("in the style of woodcut$"));
        page.goBack();
        page.click("#tiny-stan >> text=Train further");
        assertThat(page.locator("#name")).hasValue("tiny-stan-2");
        assertThat(page.locator("#start")).hasValue("tiny-stan");
        page.fill("#name", "tiny-stan");
        page.click("button:has-text('Train')");
        assertThat(page.locator("#name-refused")).containsText("choose another name");
        chrome.look(page, "train-taken");
    }

    private static void explore(Chrome chrome, Page page, String address) {
        page.navigate(address + "/adapters");
        page.click("text=What its features stand for");
        page.fill("#per-style", "4");
        chrome.look(page, "features-none");
        page.click("text=Read its features");
        page.click("text=See what came out");
        assertTrue(page.locator("circle[data-f]").count() > 100, "points");
        page.locator("circle[data-f]").last().hover();
        assertThat(page.locator("#feature-card .feature-tops img").first()).isVisible();
        chrome.look(page, "features");
        chrome.lookOnPhone(page.url(), "features");
        page.selectOption("select[name=style]", "woodcut");
        assertThat(page.locator("#scatter figcaption")).containsText("mostly on woodcut");
        // The card follows the choice, which is in the address.
        assertThat(page.locator("#feature-card th").first()).hasText("woodcut");
        assertThat(page).hasURL(Pattern.compile("style=woodcut"));
        page.reload();
        assertThat(page.locator("select[name=style]")).hasValue("woodcut");
        assertThat(page.locator("#feature-card th").first()).hasText("woodcut");
        chrome.look(page, "features-filtered");
        page.locator(".specifics a").first().click();
        assertThat(page.locator(".strongest img").nth(1)).hasJSProperty("naturalWidth", 192);
        page.fill("#seed", "5");
        page.locator("#factor").focus();
        page.keyboard().press("ArrowRight"); // from off to a quarter
        assertThat(page.locator("#pair .cell[data-state=done]")).hasCount(2);
        assertThat(page.locator("#pair figcaption").last()).containsText("=×0.25");
        chrome.look(page, "feature");
        chrome.lookOnPhone(page.url(), "feature");
    }

    /** A steered picture's settings draw the same again, change and all, from the form. */
    private static void recall(Page page, String address) {
        String id = page.locator("#pair .cell").last().getAttribute("data-id");
        page.navigate(address + "/generate");
        assertThat(page.locator(".recent-matrices a")).hasCount(0);
        page.navigate(address + "/generate?from=" + id);
        assertThat(page.locator("#features")).isVisible();
        assertThat(page.locator("#features")).hasValue(Pattern.compile(":\\d+=×0\\.25"));
        assertThat(page.locator("input[name=method][value=tiny-stan]")).isChecked();
        page.click("#draw");
        assertThat(page.locator("#matrix .cell[data-state=done]")).hasCount(1);
        assertThat(page.locator(".recent-matrices a")).hasCount(1); // the list follows Draw
    }

    private static void score(Chrome chrome, Page page, String address) throws IOException {
        page.navigate(address + "/gallery");
        page.locator(".tile").first().hover();
        page.locator(".tile input").first().check();
        assertThat(page.locator(".tile")).hasCount(1); // what the slider drew stands apart
        page.click(".chip:has-text('feature trials')");
        assertThat(page.locator(".tile")).hasCount(2);
        page.locator(".tile").nth(1).hover();
        page.locator(".tile input").nth(1).check();
        page.click("#toolbar >> text=Score");
        assertThat(page.locator("fieldset").first()).containsText("2 chosen in the gallery");
        page.selectOption("#collection", "three-styles");
        page.fill("#title", "With and without");
        chrome.look(page, "score");
        page.click("main button:has-text('Score')");
        page.click("text=See what came out");
        assertThat(page.locator("h1")).hasText("With and without");
        assertThat(page.locator("tbody").first()).containsText("clip_t");
        chrome.look(page, "scores");
        chrome.lookOnPhone(page.url(), "scores");
        Download csv = page.waitForDownload(() -> page.click("text=Means as CSV"));
        String means = Files.readString(csv.path());
        assertTrue(means.startsWith("metric,method,style,over,value,n,low,high"), means);
        assertTrue(means.contains("clip_t,tiny-stan,"), means);
        page.click("text=Whole report");
        assertTrue(page.content().contains("tiny-stan"), page.url());
        page.navigate(address + "/scores");
        assertThat(page.locator(".list")).containsText("With and without");
        chrome.look(page, "scorings");
        page.navigate(address + "/adapters");
        assertThat(page.locator("#tiny-stan .scored")).containsText("clip_i_style");
        assertThat(page.locator("#tiny-stan .scored a")).hasText("With and without");
        chrome.look(page, "adapters-scored");
    }
}
