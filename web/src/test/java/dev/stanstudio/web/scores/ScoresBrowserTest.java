package dev.stanstudio.web.scores;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.stanstudio.scoring.manifest.Manifest;
import dev.stanstudio.sd3.checkpoint.Quantization;
import dev.stanstudio.sd3.pipeline.SamplingOptions;
import dev.stanstudio.synth.SynthCollection;
import dev.stanstudio.synth.SynthItem;
import dev.stanstudio.synth.SynthSpec;
import dev.stanstudio.synth.paint.ArtStyle;
import dev.stanstudio.synth.scene.SceneKind;
import dev.stanstudio.web.CommandLines;
import dev.stanstudio.web.generate.DrawingStudio;
import dev.stanstudio.web.home.Database;
import dev.stanstudio.web.home.StudioHome;
import dev.stanstudio.web.home.WorkSettings;
import dev.stanstudio.web.library.ModelCache;
import dev.stanstudio.web.matrix.Method;
import dev.stanstudio.web.picture.MatrixRequest;
import dev.stanstudio.web.picture.PictureTable;
import dev.stanstudio.web.server.ServerSettings;
import dev.stanstudio.web.server.StudioContext;
import dev.stanstudio.web.server.StudioServer;
import dev.stanstudio.web.testing.BuiltInJudges;
import dev.stanstudio.web.testing.Chrome;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** In a real Chromium: what a scoring says to people, in the studio and in its report. */
@ExtendWith(BuiltInJudges.class)
class ScoresBrowserTest {
    private static final String NAME = "12345678-1234-1234-1234-123456789abc";
    private static final List<ArtStyle> STYLES = List.of(ArtStyle.UKIYO_E, ArtStyle.IMPASTO);
    private static final SynthSpec SPEC = new SynthSpec(64, List.of(SceneKind.values()), STYLES);

    @TempDir static Path folder;
    private static Chrome chrome;
    private static StudioContext studio;
    private static StudioServer server;

    @BeforeAll
    static void open() throws IOException {
        chrome = new Chrome();
        StudioHome home = new StudioHome(folder.resolve("home"));
        score(home.subfolder("scores").resolve(NAME));
        studio =
                new StudioContext(
                        home,
                        Database.open(null, home.databaseFile()),
                        Clock.systemUTC(),
                        new WorkSettings(
                                DrawingStudio.model(), "cpu", null, Quantization.NONE, 0, false));
        server = StudioServer.start(new ServerSettings("127.0.0.1", 0, ""), studio);
    }

    @AfterAll
    static void close() {
        if (server != null) {
            server.close();
            studio.database().close();
        }
        if (chrome != null) {
            chrome.close();
        }
    }

    /** Pictures in their styles, and the same scenes without, and one picture of a third method. */
    private static void score(Path out) throws IOException {
        Path pictures = Files.createDirectories(folder.resolve("pictures"));
        List<Map<String, Object>> lines = new ArrayList<>();
        SynthCollection drawn = new SynthCollection(SPEC);
        for (ArtStyle style : STYLES) {
            for (int i = 0; i < 6; i++) {
                lines.add(line(pictures, drawn.item(9, i, style), "stan-nano", style, i));
                lines.add(line(pictures, drawn.item(9, i, ArtStyle.PLAIN), "none", style, i));
            }
        }
        lines.add(line(pictures, drawn.item(9, 7, STYLES.get(0)), "a trial", STYLES.get(0), 7));
        Manifest.write(pictures.resolve(Manifest.FILE), lines);
        Path references = folder.resolve("references");
        String count = "40";
        run(
                "dataset",
                "synth",
                "--out",
                references.toString(),
                "--count",
                count,
                "--size",
                "64",
                "--styles",
                "ukiyo-e,impasto");
        run("dataset", "split", references.toString(), "--ratios", "60/20/20");
        run(
                "score",
                pictures.toString(),
                "--references",
                references.toString(),
                "--out",
                out.toString(),
                "--cache",
                folder.resolve("cache").toString(),
                "--replicates",
                "200");
    }

    private static Map<String, Object> line(
            Path pictures, SynthItem item, String method, ArtStyle style, long seed) {
        String file = "%s-%s-%d.png".formatted(method, style.id(), seed);
        item.picture().writePng(pictures.resolve(file));
        return Map.of(
                "file", file,
                "method", method,
                "style", style.words(),
                "prompt", item.content() + ", in the style of " + style.words(),
                "seed", seed);
    }

    private static void run(String... command) {
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said);
        assertEquals(0, CommandLines.run(out, out, List.of(command)), said.toString());
    }

    private static String address(String path) {
        return server.address() + path;
    }

    @Test
    void thePageAnswersQuestions() {
        for (ColorScheme scheme : List.of(ColorScheme.DARK, ColorScheme.LIGHT)) {
            Page page = chrome.page(1440, 900, scheme);
            page.navigate(address("/scores/" + NAME));
            assertThat(page.locator("h1"))
                    .hasText("Scores of 25 pictures by stan-nano, no adapter and a trial");
            answers(page);
            page.locator("summary:has-text('How this is measured')").first().click();
            assertThat(page.locator(".score-metrics").first()).isVisible();
            assertThat(page.locator(".score-metrics").first()).containsText("Higher is better.");
            chrome.look(page, "scores-" + scheme.name());
            page.locator("details").evaluateAll("all => all.forEach(d => d.open = true)");
            Chrome.accessible(page);
            assertFalse(page.content().contains(folder.toString()), "no folder of the machine");
            page.context().close();
        }
        chrome.lookOnPhone(address("/scores/" + NAME), "scores-answers");
        assertEquals(List.of(), chrome.problems());
    }

    private static void answers(Page page) {
        assertThat(page.locator(".score-answer h3"))
                .hasText(
                        new String[] {
                            "Follows the prompt",
                            "Looks like the style",
                            "Is taken for the style",
                            "Resembles the style as a whole",
                            "Variety",
                            "Keeps the content",
                            "Copies of training pictures"
                        });
        assertEquals(7, page.locator(".score-verdict").count());
        assertThat(page.locator(".score-warnings, .warnings").first())
                .containsText("Listed apart, not ranked: a trial has fewer than 6 pictures.");
        assertThat(page.locator(".score-warnings, .warnings").first())
                .containsText("6 pictures of a style by a method");
        var style = page.locator(".score-answer").nth(1);
        assertThat(style.locator(".score-bars").first().locator("li")).hasCount(2);
        assertThat(style.locator(".score-place").first()).containsText(" %");
        assertThat(style.locator(".score-apart")).containsText("a trial");
        var prompt = page.locator(".score-answer").first();
        assertThat(prompt.locator(".score-metrics dt")).hasCount(1);
        assertThat(prompt.locator(".score-metrics")).containsText("clip_tm is the same number");
    }

    @Test
    void theReportAnswersQuestions() throws IOException {
        String report = address("/scores/" + NAME + "/report.html");
        for (ColorScheme scheme : List.of(ColorScheme.DARK, ColorScheme.LIGHT)) {
            Page page = chrome.page(1440, 900, scheme);
            page.navigate(report);
            assertThat(page.locator("main h1")).containsText("Scores of 25 pictures by ");
            answers(page);
            chrome.look(page, "report-" + scheme.name());
            page.locator("details").evaluateAll("all => all.forEach(d => d.open = true)");
            Chrome.accessible(page);
            page.context().close();
        }
        chrome.lookOnPhone(report, "report");
        String html =
                Files.readString(
                        studio.home().subfolder("scores").resolve(NAME).resolve("report.html"));
        assertFalse(html.contains(folder.toString()), "no folder of the machine");
        assertTrue(html.contains("references"), "its name");
        assertEquals(List.of(), chrome.problems());
    }

    /** Every picture stands in one row alone, best or worst. */
    @Test
    void bestAndWorstPicturesDoNotRepeat() {
        Page page = chrome.page(1440, 900, ColorScheme.LIGHT);
        page.navigate(address("/scores/" + NAME + "/report.html"));
        Object repeated =
                page.evaluate(
                        """
                        [...document.querySelectorAll(".styles section")].map((section) => {
                          const titles = [...section.querySelectorAll("figure")].map((f) => f.title);
                          return titles.length - new Set(titles).size;
                        })
                        """);
        assertEquals(List.of(0, 0), repeated);
        page.context().close();
    }

    @Test
    void theFormChoosesTheCollectionThatHasTheStyles() {
        Page page = chrome.page(1440, 900, ColorScheme.LIGHT);
        page.navigate(address("/scores/new"));
        assertThat(page.locator("#collection")).hasValue("");
        finished("post impressionism");
        finished("ukiyo-e");
        page.navigate(address("/scores/new"));
        assertThat(page.locator("#collection")).hasValue("procedural");
        assertThat(page.locator("fieldset").nth(1)).containsText("so it is chosen");
        chrome.look(page, "scores-form");
        finished("in the manner of nobody");
        page.navigate(address("/scores/new"));
        assertThat(page.locator("#collection")).hasValue("");
        page.context().close();
    }

    /** A finished picture of the gallery; nobody looks at its file. */
    private static void finished(String style) {
        PictureTable table = new PictureTable(studio.database(), studio.clock());
        try (ModelCache models = new ModelCache(studio.work())) {
            var defaults = models.defaults(DrawingStudio.model());
            table.add(
                    "somebody",
                    new MatrixRequest(
                            DrawingStudio.model(),
                            List.of("a boat"),
                            List.of(style),
                            List.of(Method.NONE),
                            List.of(0L),
                            "",
                            64,
                            64,
                            SamplingOptions.of(defaults),
                            null),
                    defaults);
        }
        studio.database()
                .jdbi()
                .useHandle(
                        h ->
                                h.execute(
                                        """
                                        UPDATE picture SET state = 'done', finished_at = 1
                                        """));
    }
}
