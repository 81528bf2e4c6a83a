package dev.stanstudio.web.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ScreenshotAnimations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A real Chromium that keeps pictures of what it shows; a test without one is skipped. */
public final class Chrome implements AutoCloseable {
    private static final Path SHOTS = Path.of("target", "screenshots");
    private static final double PATIENCE_MILLIS = 180_000;

    /** Hash of the empty style sheet that the driver adds for its screenshots. */
    private static final String EMPTY_STYLE = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

    private final List<String> problems = new CopyOnWriteArrayList<>();
    private final Playwright playwright;
    private final Browser browser;

    public Chrome() {
        Optional<Path> program =
                Stream.of(
                                System.getenv().getOrDefault("CHROMIUM", ""),
                                "/usr/bin/chromium",
                                "/usr/bin/chromium-browser",
                                "/usr/bin/google-chrome")
                        .filter(name -> !name.isEmpty())
                        .map(Path::of)
                        .filter(Files::isExecutable)
                        .findFirst();
        if (program.isEmpty()) {
            System.out.println("skipped: no Chromium; install one or name it in CHROMIUM");
        }
        Assumptions.assumeTrue(program.isPresent(), "no Chromium");
        try {
            Files.createDirectories(SHOTS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        playwright =
                Playwright.create(
                        new Playwright.CreateOptions()
                                .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser =
                playwright
                        .chromium()
                        .launch(
                                new BrowserType.LaunchOptions()
                                        .setExecutablePath(program.get())
                                        .setTimeout(PATIENCE_MILLIS)
                                        .setArgs(List.of("--no-sandbox")));
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
    }

    /** A page of its own, whose errors count. */
    public Page page(int width, int height, ColorScheme scheme) {
        BrowserContext context =
                browser.newContext(
                        new Browser.NewContextOptions()
                                .setViewportSize(width, height)
                                .setColorScheme(scheme));
        context.setDefaultTimeout(PATIENCE_MILLIS);
        Page page = context.newPage();
        page.onPageError(problems::add);
        page.onConsoleMessage(
                message -> {
                    if (message.type().equals("error") && !message.text().contains(EMPTY_STYLE)) {
                        problems.add(message.text() + " " + message.location());
                    }
                });
        return page;
    }

    /** Returns the errors that pages reported. */
    public List<String> problems() {
        return List.copyOf(problems);
    }

    /** For contexts of other kinds than {@link #page}. */
    public Browser browser() {
        return browser;
    }

    /** No fault that axe-core calls serious or worse. */
    public static void accessible(Page page) {
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

    /** Nothing scrolls sideways. */
    public static void fits(Page page) {
        assertEquals(
                page.viewportSize().width,
                page.evaluate("document.documentElement.scrollWidth"),
                "nothing sticks out of " + page.url());
    }

    /** Keeps a picture of a page: what the window shows, or all of it. */
    public static void shot(Page page, String name, boolean whole) {
        page.screenshot(
                new Page.ScreenshotOptions()
                        .setPath(SHOTS.resolve(name + ".png"))
                        .setFullPage(whole)
                        .setAnimations(ScreenshotAnimations.DISABLED));
    }

    /** Looks at a page as axe-core does and keeps a picture of it. */
    public void look(Page page, String name) {
        accessible(page);
        fits(page);
        shot(page, name, true);
    }

    /** Looks at an address as a phone shows it, dark and light. */
    public void lookOnPhone(String address, String name) {
        for (ColorScheme scheme : List.of(ColorScheme.DARK, ColorScheme.LIGHT)) {
            Page page = page(360, 740, scheme);
            page.navigate(address);
            look(page, name + "-phone-" + scheme.name().toLowerCase(Locale.ROOT));
            page.context().close();
        }
    }

    @Override
    public void close() {
        playwright.close();
    }
}
