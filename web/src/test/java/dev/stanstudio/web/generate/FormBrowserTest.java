package dev.stanstudio.web.generate;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.stanstudio.base.Sha256;
import dev.stanstudio.web.testing.Chrome;
import dev.stanstudio.web.testing.SavedStatesOfRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The form in a real Chromium: axes, styles, kept prompts, tokens, and all of it on a phone. */
class FormBrowserTest {
    @TempDir Path folder;

    private static void small(Page page) {
        page.locator("#more > summary").click();
        page.fill("#steps", "2");
        page.fill("#width", "64");
        page.fill("#height", "48");
    }

    private static void draw(Page page) {
        Locator table = page.locator(".matrix");
        String before = table.count() == 0 ? "" : table.getAttribute("data-matrix");
        page.click("#draw");
        assertThat(page.locator(".matrix:not([data-matrix='" + before + "'])")).hasCount(1);
    }

    @Test
    void axesMakeColumnsAndRowsThatCanBeCancelled() {
        try (Chrome chrome = new Chrome();
                DrawingStudio studio = new DrawingStudio(folder, 0)) {
            Page page = chrome.page(1440, 900, ColorScheme.DARK);
            page.navigate(studio.address() + "/generate");
            page.fill("#prompts", "a boat");
            page.click("[data-styles=none]");
            page.fill("#seeds", "3-4");
            small(page);
            page.locator("#axes > summary").click();
            page.selectOption("[name=axis1]", "guidance");
            page.fill("[name=values1]", "1-5/2");
            page.selectOption("[name=axis2]", "sampler");
            page.fill("[name=values2]", "euler, heun");
            Chrome.accessible(page);
            assertTrue(
                    page.textContent("#draw").contains("12 pictures"), page.textContent("#draw"));
            draw(page);
            assertThat(page.locator(".cell")).hasCount(12);
            assertEquals(
                    List.of("guidance 1", "guidance 3", "guidance 5"),
                    page.locator(".matrix thead th").all().stream()
                            .map(head -> head.getAttribute("data-label"))
                            .toList());
            assertThat(page.locator(".matrix tbody .matrix-prompt:visible")).hasCount(4);
            assertThat(page.locator(".matrix tbody th").nth(1)).containsText("sampler heun");
            assertThat(page.locator("#matrix-left")).containsText("0 of 12");
            page.locator(".matrix thead .matrix-cancel").nth(1).click();
            assertThat(page.locator(".matrix tr td:nth-child(3) .cell[data-state=cancelled]"))
                    .hasCount(4);
            assertThat(page.locator(".cell[data-state=cancelled]")).hasCount(4);
            page.locator(".matrix tbody .matrix-cancel").first().click();
            assertThat(page.locator(".cell[data-state=cancelled]")).hasCount(6);
            assertThat(page.locator("#matrix-left")).containsText("0 of 6");
            Chrome.accessible(page);
            Chrome.shot(page, "axes", false);
            page.reload();
            assertThat(page.locator("[name=values1]")).hasValue("1, 3, 5");
            assertEquals(List.of(), chrome.problems());
            page.fill("[name=values1]", "high");
            page.click("#draw");
            assertThat(page.locator("#problem")).containsText("'high'");
            assertThat(page.locator("[name=values1]")).isFocused();
        }
    }

    private static String hash(Path tensors) {
        return Sha256.ofFile(tensors).substring(0, 10);
    }

    @Test
    void statesAndBlocksOfATickedAdapterAreOffered() throws IOException {
        SavedStatesOfRun.write(folder.resolve("adapters/run"));
        try (Chrome chrome = new Chrome();
                DrawingStudio studio = new DrawingStudio(folder, 1)) {
            Page page = chrome.page(1440, 900, ColorScheme.LIGHT);
            page.navigate(studio.address() + "/generate");
            page.fill("#prompts", "a boat");
            page.click("[data-styles=none]");
            page.fill("#seeds", "3");
            small(page);
            page.locator("[name=method][value=none]").uncheck();
            page.locator("[name=method][value=run]").check();
            page.locator("#axes > summary").click();
            page.selectOption("[name=axis1]", "checkpoint");
            assertThat(page.locator("[name=values1]")).hasValue("10, 20, final");
            page.selectOption("[name=axis2]", "blocks");
            page.fill("[name=values2]", "0; 0:0.5,1:0");
            assertTrue(page.textContent("#draw").contains("6 pictures"), page.textContent("#draw"));
            Chrome.accessible(page);
            draw(page);
            assertThat(page.locator(".cell[data-state=done]")).hasCount(6);
            assertEquals(
                    List.of("checkpoint 10", "checkpoint 20", "checkpoint final"),
                    page.locator(".matrix thead th").all().stream()
                            .map(head -> head.getAttribute("data-label"))
                            .toList());
            assertThat(page.locator(".matrix tbody th").nth(1)).containsText("blocks 0:0.5,1:0");
            assertThat(page.locator(".matrix thead th").nth(0))
                    .containsText(
                            hash(SavedStatesOfRun.tensors(folder.resolve("adapters/run"), 10)));
            page.locator("[name=blocks-run]").scrollIntoViewIfNeeded();
            Chrome.shot(page, "states", false);
            page.reload();
            assertThat(page.locator("[name=values1]")).hasValue("10, 20, final");
            assertThat(page.locator("[name=values2]")).hasValue("0; 0:0.5,1:0");
            assertEquals(List.of(), chrome.problems());
            page.fill("[name=values1]", "15");
            page.click("#draw");
            assertThat(page.locator("#problem"))
                    .containsText("run has no saved state of step 15; there are 10, 20, final");
            assertThat(page.locator("[name=values1]")).isFocused();
        }
    }

    @Test
    void stylesAreFilteredAndChosenTogether() {
        try (Chrome chrome = new Chrome();
                DrawingStudio studio = new DrawingStudio(folder, 0)) {
            Page page = chrome.page(1024, 768, ColorScheme.LIGHT);
            page.navigate(studio.address() + "/generate");
            page.click("[data-styles=none]");
            assertThat(page.locator("#style-count")).containsText("0 of");
            page.fill("#style-filter", "impressionism");
            assertThat(page.locator(".style-choice:visible")).hasCount(2);
            page.click("[data-styles=all]");
            assertThat(page.locator("#style-count")).containsText("2 of");
            page.fill("#style-filter", "zzz");
            assertThat(page.locator("#style-nothing")).isVisible();
            page.fill("#style-filter", "");
            assertThat(page.locator(".style-choice input:checked")).hasCount(2);
            assertEquals(
                    false,
                    page.evaluate(
                            "() => [...document.querySelectorAll('.generate-panel *')].some(e =>"
                                + " e.localName !== 'textarea' && e.scrollHeight > e.clientHeight +"
                                + " 1 && ['auto',"
                                + " 'scroll'].includes(getComputedStyle(e).overflowY))"),
                    "nothing scrolls within the panel");
            assertThat(page.locator("[name=method][value=none]")).isVisible();
            assertThat(page.locator(".method-choices li").first()).containsText("no adapter");
            Chrome.accessible(page);
            assertEquals(List.of(), chrome.problems());
        }
    }

    @Test
    void promptsAreKeptPutBackAndDeleted() {
        try (Chrome chrome = new Chrome();
                DrawingStudio studio = new DrawingStudio(folder, 0)) {
            Page page = chrome.page(1440, 900, ColorScheme.LIGHT);
            studio.visitor().order("\"prompts\":[\"an earlier lighthouse\"]");
            page.navigate(studio.address() + "/generate");
            page.fill("#prompts", "a kept boat\na kept cat");
            page.click("[data-styles=none]");
            page.locator(".style-choice input[value='cubism']").check();
            page.fill("#more-styles", "sepia");
            page.locator("#more > summary").click();
            page.fill("#negative", "blur");
            page.locator("#prompt-drawer > summary").click();
            page.fill("#preset-name", "two");
            page.keyboard().press("Enter");
            assertThat(page.locator("[data-preset]")).hasText("two");
            Chrome.accessible(page);
            Chrome.shot(page, "prompts", false);
            page.locator("[data-prompt='an earlier lighthouse']").click();
            assertThat(page.locator("#prompts"))
                    .hasValue("a kept boat\na kept cat\nan earlier lighthouse");
            page.reload();
            assertThat(page.locator("#prompts")).hasValue("an earlier lighthouse");
            page.locator("#prompt-drawer > summary").click();
            page.locator("[data-preset]").click();
            assertThat(page.locator("#prompts")).hasValue("a kept boat\na kept cat");
            assertThat(page.locator("#negative")).hasValue("blur");
            assertThat(page.locator("#more-styles")).hasValue("sepia");
            assertThat(page.locator(".style-choice input:checked")).hasCount(1);
            page.locator("#prompt-drawer > summary").click();
            page.locator("[data-preset-delete]").click();
            assertThat(page.locator("[data-preset]")).hasCount(0);
            assertEquals(List.of(), chrome.problems());
        }
    }

    @Test
    void whatAnEncoderDoesNotReadIsShown() {
        try (Chrome chrome = new Chrome();
                DrawingStudio studio = new DrawingStudio(folder, 0)) {
            Page page = chrome.page(1440, 900, ColorScheme.DARK);
            page.navigate(studio.address() + "/generate");
            page.fill("#prompts", "a boat");
            assertThat(page.locator(".prompt-tokens [data-over=no]").first())
                    .containsText("CLIP-L");
            assertThat(page.locator(".prompt-cut")).hasCount(0);
            page.fill("#prompts", "a boat, " + "red ".repeat(90) + "zebra");
            assertThat(page.locator(".prompt-tokens [data-over=yes]").first())
                    .containsText("of 77");
            assertThat(page.locator(".prompt-cut s").first()).containsText("zebra");
            Chrome.accessible(page);
            page.fill("#prompts", "a __plant__");
            assertThat(page.locator("#reading .problem")).containsText("__plant__");
            assertThat(page.locator(".prompt-examples")).isHidden();
            assertEquals(List.of(), chrome.problems());
        }
    }

    @Test
    void aPhoneHasTheBarInALineAndDrawAndThePicturesInSight() {
        try (Chrome chrome = new Chrome();
                DrawingStudio studio = new DrawingStudio(folder, 0)) {
            Page page = chrome.page(360, 740, ColorScheme.LIGHT);
            page.navigate(studio.address() + "/generate");
            assertThat(page.locator("#intro")).containsText("Stable Diffusion 3");
            page.click("#intro-hide");
            page.reload();
            assertThat(page.locator("#intro")).isHidden();
            assertTrue(page.locator(".page-bar").boundingBox().height < 60, "the bar is one line");
            assertThat(page.locator("#draw")).isInViewport();
            page.fill("#prompts", "a boat\na cat");
            draw(page);
            assertThat(page.locator(".matrix .cell").first()).isInViewport();
            page.locator("#cell-size").fill("160");
            assertEquals(160, page.locator(".matrix tbody td").first().boundingBox().width, 1);
            page.reload();
            assertEquals(160, page.locator(".matrix tbody td").first().boundingBox().width, 1);
            Chrome.fits(page);
            Chrome.accessible(page);
            assertEquals(List.of(), chrome.problems());
        }
    }
}
