package dev.stanstudio.web.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.stanstudio.web.study.plan.Trial;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.testing.Chrome;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** A study in a real Chromium: made in a form, voted on by three people, locked and read. */
class StudyBrowserTest extends StudyInBrowser {
    /** Everybody prefers rough pictures. */
    private static final List<Integer> ORDER = List.of(1, 0, 2);

    @Test
    void threePeopleVoteAndTheStudioConcludes() throws IOException {
        Study study;
        try (BrowserContext admin = context(1440, 900, ColorScheme.DARK)) {
            Page page = admin.newPage();
            study = make(page);
            shot(page, "study-open");
        }
        vote(study, 0, 1280, 800, Voter.MOUSE);
        vote(study, 1, 360, 740, Voter.TOUCH);
        vote(study, 2, 1024, 700, Voter.KEYS);
        try (BrowserContext admin = context(1440, 900, ColorScheme.DARK)) {
            lockAndRead(admin.newPage(), study);
        }
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            try (BrowserContext phone = context(360, 740, scheme)) {
                Page page = phone.newPage();
                page.navigate(studio.address("/studies/" + study.id()));
                check(page);
                shot(page, "study-locked-phone-" + scheme.name().toLowerCase(Locale.ROOT));
                page.navigate(studio.address("/studies/" + study.id() + "/report/report.html"));
                check(page);
                shot(page, "report-phone-" + scheme.name().toLowerCase(Locale.ROOT));
            }
        }
    }

    private static Study make(Page page) throws IOException {
        page.navigate(studio.address("/studies"));
        assertEquals("Studies", page.locator("h1").textContent());
        check(page);
        shot(page, "studies-empty");
        page.click("text=New study");
        page.fill("#title", "Which style is closer?");
        page.fill("#source", folder.resolve("nowhere").toString());
        page.click("text=Make the study");
        assertTrue(page.locator("[role=alert]").textContent().contains("nowhere"));
        assertEquals("Which style is closer?", page.inputValue("#title"));
        page.fill("#source", studio.pictures(8, 256).toString());
        page.fill("#votes", "36");
        page.locator("summary").click();
        page.fill("#trials", "12");
        page.fill("#minMillis", "100");
        check(page);
        shot(page, "study-new");
        page.click("text=Make the study");
        page.waitForSelector("#link");
        check(page);
        return studio.store.all().get(0);
    }

    private enum Voter {
        MOUSE,
        TOUCH,
        KEYS
    }

    private static void vote(Study study, int slot, int width, int height, Voter voter) {
        try (BrowserContext context =
                context(width, height, slot == 1 ? ColorScheme.LIGHT : ColorScheme.DARK)) {
            Page page = context.newPage();
            page.navigate(studio.address("/vote/" + study.link()));
            check(page);
            shot(page, "consent-" + width);
            begin(page, voter);
            List<Trial> showings = showings(study, slot);
            for (int position = 0; position < showings.size(); position++) {
                await(page, position);
                if (position == 3) {
                    check(page);
                    fits(page);
                    shot(page, "vote-" + width);
                    undo(page, study, voter, showings, position);
                }
                if (position == 5) {
                    page.reload();
                    await(page, position);
                }
                answer(page, voter, best(study, showings.get(position)));
            }
            page.waitForSelector("text=Thank you");
            check(page);
            shot(page, "thanks-" + width);
        }
    }

    /**
     * The study closes with the last voter's last vote; checks and repeats after it are not shown.
     */
    private static List<Trial> showings(Study study, int slot) {
        List<Trial> all = study.plan().raters().get(slot);
        int shown = all.size();
        while (slot == 2 && all.get(shown - 1).role() != Trial.Role.VOTE) {
            shown--;
        }
        return all.subList(0, shown);
    }

    private static void begin(Page page, Voter voter) {
        if (voter == Voter.KEYS) {
            page.keyboard().press("Tab");
            page.keyboard().press("Enter");
        } else {
            page.click("text=I agree, begin");
        }
    }

    private static void undo(
            Page page, Study study, Voter voter, List<Trial> showings, int position) {
        if (voter == Voter.KEYS) {
            page.keyboard().press("u");
        } else {
            page.click("text=Undo");
        }
        await(page, position - 1);
        assertTrue(page.locator(".vote-undo").isDisabled(), "only the last vote is taken back");
        answer(page, voter, best(study, showings.get(position - 1)));
        await(page, position);
    }

    private static void await(Page page, int position) {
        page.waitForSelector(".vote-count >> text=" + (position + 1) + " of ");
        page.waitForSelector(".choice:not([disabled])");
    }

    private static void answer(Page page, Voter voter, int choice) {
        if (voter == Voter.KEYS) {
            page.keyboard().press(String.valueOf(choice));
        } else {
            page.locator(".choice[value='" + choice + "']").click();
        }
    }

    /** Everybody here prefers the roughest picture, and sees when one is spoiled. */
    private static int best(Study study, Trial showing) {
        if (showing.role() == Trial.Role.CHECK) {
            return showing.expected();
        }
        List<Integer> methods = study.plan().methodsOf(showing);
        return ORDER.indexOf(methods.get(0)) < ORDER.indexOf(methods.get(1)) ? 1 : 2;
    }

    /** Answers lie inside the window and are large enough for a thumb; nothing scrolls sideways. */
    private static void fits(Page page) {
        page.locator(".choice")
                .all()
                .forEach(
                        button -> {
                            var box = button.boundingBox();
                            assertTrue(box.height >= 44, "height " + box.height);
                            assertTrue(
                                    box.y + box.height <= page.viewportSize().height,
                                    "button below the window");
                        });
        Chrome.fits(page);
        page.locator(".vote-pictures img")
                .all()
                .forEach(image -> assertTrue(image.boundingBox().height >= 150, "tiny picture"));
    }

    private static void lockAndRead(Page page, Study study) throws IOException {
        page.navigate(studio.address("/studies/" + study.id()));
        String before = page.content();
        assertTrue(before.contains("who leads, intervals and p values are shown once"), before);
        assertFalse(before.contains("preferred"), "a fixed number of votes is not watched");
        shot(page, "study-live");
        page.check("[name=sure]");
        page.click("button:has-text(\"Lock the study\")");
        page.waitForSelector("text=Frozen when the study was locked");
        List<String> sentences = page.locator(".sentence").allTextContents();
        assertEquals(3, sentences.size());
        assertTrue(
                sentences.stream()
                        .anyMatch(
                                s ->
                                        s.matches(
                                                "No verdict between SparseStan and Untrained:"
                                                        + " SparseStan was preferred in (\\d+) of"
                                                        + " \\1 decisive votes by \\d raters?,"
                                                        + " 100\\.0 %; an interval over raters"
                                                        + " needs 6 of them or more\\.")),
                sentences.toString());
        check(page);
        shot(page, "study-locked");
    }

    private static BrowserContext context(int width, int height, ColorScheme scheme) {
        return chrome.browser()
                .newContext(
                        new Browser.NewContextOptions()
                                .setViewportSize(width, height)
                                .setHasTouch(width < 600)
                                .setColorScheme(scheme));
    }

    private static void check(Page page) {
        Chrome.accessible(page);
    }

    private static void shot(Page page, String name) {
        Chrome.shot(page, name, !name.startsWith("vote"));
    }
}
