package dev.stanstudio.web.generate;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.ColorScheme;
import dev.stanstudio.web.picture.PictureFiles;
import dev.stanstudio.web.picture.StoredPicture;
import dev.stanstudio.web.testing.Chrome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gallery in a real Chromium: filters, ticks, boards, notes and the bin. */
class GalleryBrowserTest {
    @TempDir Path folder;

    private Chrome chrome;
    private PaintedStudio studio;

    @BeforeEach
    void open() {
        chrome = new Chrome();
        studio = new PaintedStudio(folder);
    }

    @AfterEach
    void close() {
        studio.close();
        chrome.close();
    }

    private Page gallery(String query) {
        Page page = chrome.page(1440, 900, ColorScheme.DARK);
        page.navigate(studio.address() + "/gallery" + query);
        return page;
    }

    private static void count(Page page, int tiles) {
        assertThat(page.locator(".tile:not(.gone)")).hasCount(tiles);
        assertThat(page.locator("#gallery-count")).hasText("" + tiles);
    }

    private static void chip(Page page, String name) {
        page.locator(".chip:has-text('" + name + "')").click();
    }

    private static void tick(Page page, int place) {
        page.locator(".tile").nth(place).hover();
        page.locator(".tile input").nth(place).check();
    }

    private static void chosen(Page page, int count) {
        assertThat(page.locator("#chosen-count")).hasText(count + " chosen");
    }

    @Test
    void filtersHoldTogetherWithTheSearch() {
        studio.paint(List.of("a boat", "a cat"), List.of("", "woodcut"), List.of(1L));
        Page page = gallery("");
        count(page, 4);
        page.locator(".tile").first().hover();
        page.locator(".tile-star").first().click(); // the newest: a cat, woodcut
        assertThat(page.locator(".chip").first()).containsText("★ starred 1");
        chip(page, "★ starred");
        count(page, 1);
        page.fill("#q", "boat");
        page.keyboard().press("Enter");
        assertThat(page.locator("#q")).hasValue("boat");
        assertThat(page.locator("main")).containsText("No picture fits these filters.");
        assertTrue(page.url().contains("star=1"), page.url());
        chip(page, "★ starred");
        count(page, 2);
        chip(page, "woodcut");
        count(page, 1);
        page.fill("#q", "cat");
        page.keyboard().press("Enter");
        assertThat(page.locator("#q")).hasValue("cat");
        count(page, 1);
        page.selectOption("#sort", "oldest");
        page.waitForURL(Pattern.compile("sort=oldest"));
        count(page, 1);
        assertTrue(page.url().contains("style=woodcut") && page.url().contains("q=cat"));
        assertEquals(List.of(), chrome.problems());
    }

    @Test
    void whatElseTheTabHasStoredStopsNothing() {
        studio.paint(List.of("a boat"), List.of("", "woodcut"), List.of(1L));
        Page page = gallery("");
        for (String stored : List.of("5", "{\"a\": 1}", "[", "true")) {
            page.evaluate("text => sessionStorage.setItem('gallery-chosen', text)", stored);
            page.reload();
            tick(page, 0);
            chosen(page, 1);
        }
        assertEquals(List.of(), chrome.problems());
    }

    @Test
    void theFirstTickMovesNothingAndTicksOutlastThePage() {
        studio.paint(List.of("a boat", "a cat"), List.of("", "woodcut"), List.of(1L));
        Page page = gallery("");
        BoundingBox before = page.locator(".tile").first().boundingBox();
        tick(page, 0);
        tick(page, 1);
        chosen(page, 2);
        assertEquals(before.y, page.locator(".tile").first().boundingBox().y);
        chip(page, "plain");
        count(page, 2);
        chosen(page, 2);
        tick(page, 1);
        chosen(page, 3);
        page.reload();
        chosen(page, 3);
        page.locator("button:has-text('Make a study')").click();
        page.waitForURL("**/studies/new");
        assertThat(page.locator("main")).containsText("method");
        page.goBack();
        chosen(page, 3);
        page.navigate(studio.address() + "/gallery");
        assertThat(page.locator(".tile.chosen")).hasCount(3);
        page.locator("#choose-none").click();
        assertThat(page.locator("#chosen-tools")).isHidden();
        assertEquals(before.y, page.locator(".tile").first().boundingBox().y);
    }

    @Test
    void allThatFitsIsChosenBeyondTheFirstPage() {
        List<Long> seeds = LongStream.range(0, 70).boxed().toList();
        studio.paint(List.of("a boat"), List.of(""), seeds);
        studio.paint(List.of("a cat"), List.of(""), List.of(1L));
        Page page = gallery("?q=boat");
        assertThat(page.locator("#choose-all")).hasText("Choose all 70");
        page.locator("#choose-all").click();
        chosen(page, 70);
        page.locator("#delete-chosen").click();
        assertThat(page.locator("#toast")).containsText("70 deleted.");
        assertThat(page.locator("#gallery-count")).hasText("0");
        page.locator("#toast button").click();
        assertThat(page.locator("#gallery-count")).hasText("70");
        page.navigate(studio.address() + "/gallery");
        assertThat(page.locator("#gallery-count")).hasText("71");
    }

    @Test
    void countsAreRightAndOnlyTheUndoneComesBack() {
        studio.paint(List.of("a boat", "a cat"), List.of("", "woodcut"), List.of(1L));
        Page page = gallery("");
        tick(page, 0);
        page.keyboard().press("Delete");
        count(page, 3);
        assertThat(page.locator(".chip:has-text('woodcut')")).containsText("1");
        tick(page, 1);
        page.locator("#delete-chosen").click();
        count(page, 2);
        page.locator("#toast button").click();
        count(page, 3);
        page.locator(".chips-bin").click();
        assertThat(page.locator("h1")).hasText("Bin 1");
        assertThat(page.locator(".bin-tile")).containsText("7 days left");
        chrome.look(page, "bin");
        page.locator(".bin-tile button").click();
        assertThat(page.locator("main")).containsText("The bin is empty.");
        page.navigate(studio.address() + "/gallery");
        count(page, 4);
        assertEquals(List.of(), chrome.problems());
    }

    @Test
    void thePagesOfPictureAndMatrixDeleteAndRestore() {
        List<StoredPicture> two =
                studio.paint(List.of("a boat"), List.of("", "woodcut"), List.of(1L));
        Page page = chrome.page(1440, 900, ColorScheme.LIGHT);
        page.navigate(studio.address() + "/pictures/" + two.get(0).id());
        page.keyboard().press("Delete");
        assertThat(page.locator(".picture-binned")).containsText("7 days left");
        chrome.look(page, "picture-deleted");
        page.locator(".picture-binned button").click();
        assertThat(page.locator(".picture-binned")).hasCount(0);
        page.locator("[data-key=Delete]").click();
        assertThat(page.locator(".picture-binned")).hasCount(1);
        page.navigate(studio.address() + "/generate/" + two.get(0).matrix());
        assertThat(page.locator(".cell[data-state=deleted]")).hasCount(1);
        page.locator(".cell[data-state=deleted] .again").click();
        assertThat(page.locator(".cell[data-state=done]")).hasCount(2);
        page.navigate(studio.address() + "/pictures/" + two.get(1).id());
        page.locator("[data-key=Delete]").click();
        page.locator(".picture-binned a").click();
        page.locator("summary:has-text('Empty now')").click();
        page.keyboard().press("Escape");
        assertThat(page.locator("button:has-text('Delete for good')")).isHidden();
        page.locator("summary:has-text('Empty now')").click();
        page.locator("button:has-text('Delete for good')").click();
        assertThat(page.locator("main")).containsText("The bin is empty.");
        Path png = new PictureFiles(studio.studio.studio.home()).png(two.get(1).id());
        assertFalse(Files.exists(png));
    }

    @Test
    void boardsHoldPicturesUntilTheyAreTakenOff() {
        studio.paint(List.of("a boat", "a cat"), List.of("", "woodcut"), List.of(1L));
        Page page = gallery("");
        tick(page, 0);
        tick(page, 1);
        page.locator("#board-menu summary").click();
        page.fill("#board-name", "For the poster");
        page.locator("#board-name").press("Enter");
        page.waitForURL(Pattern.compile("board="));
        count(page, 2);
        assertThat(page.locator(".chip[aria-current]")).containsText("For the poster 2");
        chip(page, "woodcut");
        count(page, 1);
        chip(page, "woodcut");
        page.locator("#choose-none").click();
        tick(page, 0);
        page.locator("#board-menu summary").click();
        chrome.look(page, "gallery-board-menu");
        page.locator("button:has-text('Take off')").click();
        count(page, 1);
        page.locator(".board-tools summary").click();
        page.fill("#board-rename", "Poster");
        page.locator("button:has-text('Rename')").click();
        assertThat(page.locator(".chip[aria-current]")).containsText("Poster 1");
        page.locator(".board-tools summary").click();
        page.locator("button:has-text('Delete the board')").click();
        count(page, 4);
        assertThat(page.locator(".chip:has-text('Poster')")).hasCount(0);
        assertEquals(List.of(), chrome.problems());
    }

    @Test
    void notesAreKeptAndFound() {
        List<StoredPicture> two =
                studio.paint(List.of("a boat"), List.of("", "woodcut"), List.of(1L));
        Page page = gallery("");
        page.navigate(studio.address() + "/pictures/" + two.get(0).id());
        page.fill("#note", "good sky");
        page.locator("button:has-text('Save the note')").click();
        assertThat(page.locator("#note-saved")).hasText("Saved.");
        page.reload();
        assertThat(page.locator("#note")).hasValue("good sky");
        page.navigate(studio.address() + "/gallery?q=SKY");
        count(page, 1);
        assertThat(page.locator(".tile-note")).hasAttribute("title", "good sky");
    }

    @Test
    void trialsOfFeaturesStandApart() {
        studio.paint(List.of("a boat"), List.of(""), List.of(1L));
        studio.paint(studio.request(List.of("a cat"), List.of(""), List.of(1L, 2L), 64), true);
        Page page = gallery("");
        count(page, 1);
        chip(page, "feature trials");
        count(page, 2);
        chip(page, "feature trials");
        count(page, 1);
        page.locator(".tile a").click();
        assertThat(page.locator("nav[aria-label=Neighbours] a[rel]")).hasCount(0);
    }

    @Test
    void tilesKeepTheirSizeAndTheFocusStaysInSight() {
        List<Long> seeds = LongStream.range(0, 50).boxed().toList();
        studio.paint(List.of("a boat"), List.of(""), seeds);
        Page page = gallery("");
        page.locator("#tile-size").fill("320");
        assertTrue(page.locator(".tile").first().boundingBox().width >= 320);
        page.reload();
        assertTrue(page.locator(".tile").first().boundingBox().width >= 320);
        page.locator(".tile a").nth(20).focus();
        for (int i = 0; i < 20; i++) {
            page.keyboard().press("ArrowLeft");
            double bottom =
                    page.locator("#toolbar").boundingBox().y
                            + page.locator("#toolbar").boundingBox().height;
            double top = page.locator("a:focus").boundingBox().y;
            assertTrue(top >= bottom - 1, "the tile at " + top + " is under the bar to " + bottom);
        }
    }

    @Test
    void everyPageReadsWellInBothThemesAndOnAPhone() {
        for (String query : List.of("", "?q=nothing")) {
            String name = "gallery-" + (query.isEmpty() ? "unpainted" : "no-match");
            chrome.lookOnPhone(studio.address() + "/gallery" + query, name);
        }
        List<StoredPicture> all =
                studio.paint(
                        List.of("a boat in the morning", "a cat"),
                        List.of("", "woodcut", "ukiyo-e"),
                        List.of(1L, 2L, 3L));
        studio.studio.pictures().star(all.get(0).id(), true);
        studio.studio.pictures().note(all.get(1).id(), "a note");
        for (ColorScheme scheme : List.of(ColorScheme.DARK, ColorScheme.LIGHT)) {
            for (int width : List.of(1440, 1024, 360)) {
                Page page = chrome.page(width, width == 360 ? 740 : 900, scheme);
                page.navigate(studio.address() + "/gallery");
                String name = "-" + width + "-" + scheme.name().toLowerCase(Locale.ROOT);
                chrome.look(page, "gallery" + name);
                page.locator(".tile input").first().check();
                chrome.look(page, "gallery-chosen" + name);
                page.navigate(studio.address() + "/pictures/" + all.get(1).id());
                assertThat(page.locator(".picture-like form")).isVisible();
                chrome.look(page, "picture" + name);
                page.navigate(studio.address() + "/nothing");
                assertThat(page.locator("[role=alert]")).hasText("there is no page here");
                assertEquals(
                        "uppercase",
                        page.evaluate(
                                "getComputedStyle(document.querySelector('[role=alert]'),"
                                        + " '::first-letter').textTransform"));
                chrome.look(page, "failure" + name);
                page.locator("a:has-text('To the studio')").click();
                page.waitForURL(Pattern.compile("/generate|:\\d+/$"));
                page.context().close();
            }
        }
    }
}
