package dev.stanstudio.web.generate;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real Chromium, mostly by keyboard: draw, cancel, star, compare, recall, delete. */
class GenerateBrowserTest {
    private static final Path SHOTS = Path.of("target", "screenshots");

    /** Hash of the empty style sheet that the driver adds for its screenshots. */
    private static final String EMPTY_STYLE = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

    private static final double PATIENCE_MILLIS = 120_000;

    @TempDir Path folder;
    private final List<String> problems = new ArrayList<>();

    private static Optional<Path> chromium() {
        return Stream.of(
                        System.getenv().getOrDefault("CHROMIUM", ""),
                        "/usr/bin/chromium",
                        "/usr/bin/chromium-browser",
                        "/usr/bin/google-chrome")
                .filter(name -> !name.isEmpty())
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    @Test
    void aMatrixFromPromptToGallery() throws IOException {
        Optional<Path> chromium = chromium();
        if (chromium.isEmpty()) {
            System.out.println("skipped: no Chromium; install one or name it in CHROMIUM");
        }
        Assumptions.assumeTrue(chromium.isPresent(), "no Chromium");
        Files.createDirectories(SHOTS);
        try (DrawingStudio studio = new DrawingStudio(folder, 1);
                Playwright playwright =
                        Playwright.create(
                                new Playwright.CreateOptions()
                                        .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
                Browser browser =
                        playwright
                                .chromium()
                                .launch(
                                        new BrowserType.LaunchOptions()
                                                .setExecutablePath(chromium.get())
                                                .setArgs(List.of("--no-sandbox")));
                BrowserContext context =
                        browser.newContext(
                                new Browser.NewContextOptions()
                                        .setViewportSize(1440, 900)
                                        .setColorScheme(ColorScheme.DARK))) {
            context.setDefaultTimeout(PATIENCE_MILLIS);
            PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
            Page page = context.newPage();
            page.onPageError(problems::add);
            page.onConsoleMessage(
                    message -> {
                        if (message.type().equals("error")
                                && !message.text().contains(EMPTY_STYLE)) {
                            problems.add(message.text());
                        }
                    });
            draw(page, studio.address());
            cancelByKey(page);
            recall(page);
            compareByKey(page);
            deleteAndUndo(page, studio.address());
            assertEquals(List.of(), problems);
        }
    }

    private static void draw(Page page, String address) {
        page.navigate(address + "/generate");
        page.fill("#prompts", "a boat\na cat");
        for (String style : List.of("ukiyo-e", "impressionism")) {
            page.locator(".style input[value='" + style + "']").uncheck();
        }
        page.locator("details.more summary").click();
        page.fill("#width", "64");
        page.fill("#height", "48");
        page.fill("#steps", "4");
        page.fill("#seeds", "3");
        assertTrue(page.textContent("#draw").contains("4 pictures"), page.textContent("#draw"));
        page.locator("#seeds").press("Control+Enter");
        assertThat(page.locator(".cell[data-state=done]")).hasCount(4);
        accessible(page);
        shot(page, "generate");
        page.setViewportSize(360, 740);
        assertEquals(
                360, page.evaluate("document.documentElement.scrollWidth"), "nothing sticks out");
        shot(page, "generate-phone");
        page.setViewportSize(1440, 900);
    }

    private static void cancelByKey(Page page) {
        String before = page.getAttribute(".matrix", "data-matrix");
        page.fill("#prompts", "a boat");
        page.fill("#steps", "10000");
        page.locator("#seeds").press("Control+Enter");
        assertThat(page.locator(".matrix")).not().hasAttribute("data-matrix", before);
        page.waitForSelector(".cell[data-state=running] .preview[src]");
        page.locator(".cell[tabindex='0']").focus();
        page.keyboard().press("Escape");
        page.waitForSelector(".cell[data-state=cancelled]");
        page.keyboard().press("ArrowRight");
        page.waitForSelector(".cell[data-state=running]");
        page.keyboard().press("Escape");
        assertThat(page.locator(".cell[data-state=cancelled]")).hasCount(2);
        page.goBack();
    }

    private static void recall(Page page) throws IOException {
        assertThat(page.locator(".cell[data-state=done]")).hasCount(4);
        String source = page.locator(".cell img").nth(3).getAttribute("src");
        byte[] png =
                page.context()
                        .request()
                        .get(
                                page.url().replaceFirst("/generate.*", "")
                                        + source.replace("/thumbnail", ""))
                        .body();
        Path file = Files.createTempFile("recalled", ".png");
        Files.write(file, png);
        page.fill("#prompts", "something else");
        page.setInputFiles("#drop-file", file);
        assertThat(page.locator("#prompts")).hasValue("a cat");
        // Last of all the page puts the cursor there; keys pressed before that would be typed.
        assertThat(page.locator("#prompts")).isFocused();
        assertEquals("3", page.inputValue("#seeds"));
        Files.delete(file);
    }

    private static void compareByKey(Page page) {
        page.locator(".cell").first().focus();
        page.keyboard().press("s");
        page.waitForSelector(".cell[data-starred=yes]");
        page.keyboard().press("c");
        page.waitForURL("**/compare**");
        for (String key : List.of("2", "3", "4", "1")) {
            page.keyboard().press(key);
        }
        assertEquals("side", page.getAttribute("#compare", "data-mode"));
        accessible(page);
        shot(page, "compare");
    }

    private static void deleteAndUndo(Page page, String address) {
        page.navigate(address + "/gallery");
        page.locator(".tile a").first().focus();
        page.keyboard().press("x");
        page.keyboard().press("ArrowRight");
        page.keyboard().press("ArrowRight");
        page.keyboard().press("Shift+X");
        assertEquals("3 chosen", page.textContent("#chosen-count"));
        accessible(page);
        shot(page, "gallery");
        page.keyboard().press("Delete");
        assertThat(page.locator(".tile:not(.gone)")).hasCount(1);
        page.keyboard().press("Enter"); // the undo has the focus
        assertThat(page.locator(".tile:not(.gone)")).hasCount(4);
        page.locator(".tile a").first().click();
        page.waitForSelector(".single");
        accessible(page);
        shot(page, "picture");
    }

    private static void accessible(Page page) {
        List<String> serious =
                new AxeBuilder(page)
                        .analyze().getViolations().stream()
                                .filter(
                                        rule ->
                                                List.of("serious", "critical")
                                                        .contains(rule.getImpact()))
                                .map(rule -> rule.getId() + ": " + rule.getNodes().get(0).getHtml())
                                .toList();
        assertEquals(List.of(), serious, page.url());
    }

    private static void shot(Page page, String name) {
        page.screenshot(
                new Page.ScreenshotOptions()
                        .setPath(SHOTS.resolve(name + ".png"))
                        .setAnimations(
                                com.microsoft.playwright.options.ScreenshotAnimations.DISABLED));
    }
}
