package dev.stanstudio.web.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import dev.stanstudio.sd3.checkpoint.Quantization;
import dev.stanstudio.training.TrainingLoop;
import dev.stanstudio.web.adapters.AdaptersFeature;
import dev.stanstudio.web.generate.DrawingStudio;
import dev.stanstudio.web.generate.DrawingStudio.Visitor;
import dev.stanstudio.web.home.Database;
import dev.stanstudio.web.home.StudioHome;
import dev.stanstudio.web.home.WorkSettings;
import dev.stanstudio.web.home.WorkState;
import dev.stanstudio.web.server.ServerSettings;
import dev.stanstudio.web.server.StudioContext;
import dev.stanstudio.web.server.StudioServer;
import dev.stanstudio.web.testing.Chrome;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages of jobs that wait, run, failed and ended; no command runs here. */
class JobPagesTest {
    @TempDir Path folder;

    /** A studio whose jobs are in the states that a test puts them in. */
    private record Studio(StudioContext context, StudioServer server, JobTable table)
            implements AutoCloseable {
        static Studio in(Path folder) {
            StudioHome home = new StudioHome(folder);
            home.subfolder(".");
            StudioContext context =
                    new StudioContext(
                            home,
                            Database.open(null, home.databaseFile()),
                            Clock.systemUTC(),
                            new WorkSettings(
                                    DrawingStudio.model(),
                                    "cpu",
                                    null,
                                    Quantization.NONE,
                                    0,
                                    false));
            StudioServer server =
                    StudioServer.start(
                            new ServerSettings("127.0.0.1", 0, ""),
                            context,
                            List.of(new AdaptersFeature(), new JobsFeature()));
            return new Studio(context, server, new JobTable(context));
        }

        Visitor visitor() {
            return new Visitor(server.address());
        }

        String job(JobKind kind, String title, Path own) throws IOException {
            JobCommand command = new JobCommand(List.of("doctor"), null);
            Files.createDirectories(own);
            return table.add(
                    new JobRequest("a", kind, title, List.of(command), own, "/adapters#x"));
        }

        String ended(JobKind kind, String title, Path own, WorkState state) throws IOException {
            String id = job(kind, title, own);
            table.begin(id);
            table.end(id, state);
            return id;
        }

        @Override
        public void close() {
            server.close();
            context.database().close();
        }
    }

    private Path training(String name) {
        return folder.resolve("adapters").resolve(name);
    }

    private static String page(Visitor visitor, String path) {
        HttpResponse<byte[]> answer = visitor.get(path);
        assertEquals(200, answer.statusCode(), path);
        return Visitor.text(answer);
    }

    private static boolean offersToGoOn(String page) {
        return page.contains(">Go on</button>");
    }

    /** Losses of 40 steps, and two validations. */
    private static String log() {
        StringBuilder lines = new StringBuilder();
        for (int step = 1; step <= 40; step++) {
            lines.append(
                    "{\"kind\":\"train\",\"step\":%d,\"loss\":%s}%n".formatted(step, 1.0 / step));
            if (step % 20 == 0) {
                lines.append(
                        "{\"kind\":\"validation\",\"step\":%d,\"loss\":%s}%n"
                                .formatted(step, 10.0 / step));
            }
        }
        return lines.toString();
    }

    @Test
    void goOnIsOfferedOnlyWhereItCanSucceed() throws IOException {
        try (Studio studio = Studio.in(folder)) {
            String full = studio.job(JobKind.TRAINING, "Full disk", training("full"));
            studio.table().begin(full);
            studio.table().end(full, WorkState.FAILED);
            assertTrue(offersToGoOn(page(studio.visitor(), "/jobs/" + full)));
            assertTrue(offersToGoOn(page(studio.visitor(), "/adapters")));

            studio.table().resume(full);
            studio.table().begin(full);
            studio.table().hopeless(full);
            studio.table().end(full, WorkState.FAILED);
            for (String path : List.of("/jobs/" + full, "/adapters", "/jobs")) {
                String page = page(studio.visitor(), path);
                assertFalse(offersToGoOn(page), path);
                assertTrue(page.contains(">Dismiss</button>"), path);
            }
        }
    }

    @Test
    void aDismissedTrainingGivesItsNameBackAndCanBeRestored() throws IOException {
        try (Studio studio = Studio.in(folder)) {
            Visitor visitor = studio.visitor();
            String id =
                    studio.ended(
                            JobKind.TRAINING, "Training one", training("one"), WorkState.FAILED);
            String address =
                    visitor.post("/adapters/train/%s/dismiss".formatted(id))
                            .headers()
                            .firstValue("Location")
                            .orElseThrow();
            assertFalse(Files.exists(training("one")));
            assertFalse(page(visitor, "/jobs").contains("Training one"));
            assertTrue(page(visitor, address).contains("Undo"));
            visitor.post("/adapters/bin/%s/restore".formatted(address.replaceFirst(".*=", "")));
            assertTrue(Files.exists(training("one")));
            assertTrue(page(visitor, "/jobs").contains("Training one"));
        }
    }

    @Test
    void runningJobsAreNotDismissed() throws IOException {
        try (Studio studio = Studio.in(folder)) {
            Visitor visitor = studio.visitor();
            String training = studio.job(JobKind.TRAINING, "one", training("one"));
            String scoring = studio.job(JobKind.SCORING, "two", folder.resolve("two"));
            assertEquals(
                    409,
                    visitor.post("/adapters/train/%s/dismiss".formatted(training)).statusCode());
            assertEquals(409, visitor.post("/jobs/%s/dismiss".formatted(scoring)).statusCode());
            assertTrue(Files.exists(training("one")));
        }
    }

    @Test
    void everyPageShowsWhatRunsAndTheClockGoesOn() throws IOException {
        try (Chrome chrome = new Chrome();
                Studio studio = Studio.in(folder)) {
            Page page = chrome.page(1440, 900, ColorScheme.LIGHT);
            page.navigate(studio.server().address() + "/jobs");
            chrome.look(page, "jobs-empty");
            String id = studio.job(JobKind.TRAINING, "Training ink (lora)", training("ink"));
            studio.table().begin(id);
            long now = studio.context().clock().millis();
            studio.table()
                    .progress(
                            id,
                            new JobProgress(40, 300, "train 40/300"),
                            List.of(
                                    new JobPhase("encoding pictures", 50, 50, 0, now, false),
                                    new JobPhase("training", 40, 300, 20, now - 5_000, true),
                                    new JobPhase("drawing samples", 0, 0, 0, 0, false)));
            studio.job(JobKind.SCORING, "All of the gallery", folder.resolve("s"));
            String last = studio.job(JobKind.SCORING, "Some", folder.resolve("t"));
            String waits = page(studio.visitor(), "/jobs/" + last);
            assertTrue(waits.contains("Waits for its turn, after 2 other jobs"), waits);
            assertEquals(
                    303, studio.visitor().post("/jobs/%s/cancel".formatted(last)).statusCode());
            assertEquals(
                    303, studio.visitor().post("/jobs/%s/dismiss".formatted(last)).statusCode());
            studio.ended(JobKind.ANALYSIS, "Features", folder.resolve("f"), WorkState.FAILED);
            studio.ended(JobKind.SCORING, "Before", folder.resolve("b"), WorkState.DONE);

            page.navigate(studio.server().address() + "/adapters/train");
            PlaywrightAssertions.assertThat(page.locator(".page-badge")).hasText("2 !");
            page.click("nav >> text=Jobs");
            PlaywrightAssertions.assertThat(page.locator(".job-line")).hasCount(4);
            Locator clock = page.locator("[data-clock=up]").first();
            String before = clock.textContent();
            PlaywrightAssertions.assertThat(clock).not().hasText(before);
            chrome.look(page, "jobs");
            PlaywrightAssertions.assertThat(page.locator(".job-state[data-state=queued]"))
                    .containsText("Waits for its turn, after “Training ink (lora)”");
            chrome.lookOnPhone(page.url(), "jobs");

            Files.writeString(training("ink").resolve(TrainingLoop.LOG), log());
            page.click("text=Training ink");
            PlaywrightAssertions.assertThat(page.locator(".training-curve-validation")).hasCount(1);
            page.click("summary >> text=As a table");
            PlaywrightAssertions.assertThat(page.locator(".curve table tbody tr").last())
                    .containsText("0.2500");
            PlaywrightAssertions.assertThat(page.locator(".job-phase")).hasCount(3);
            PlaywrightAssertions.assertThat(page.locator(".job-phase[aria-current]"))
                    .containsText("Training");
            PlaywrightAssertions.assertThat(page.locator(".job-state"))
                    .containsText(Pattern.compile("about .* left"));
            chrome.look(page, "job-running");
            chrome.lookOnPhone(page.url(), "job-running");
            // The server tells of the end; nobody reloads.
            studio.table().end(id, WorkState.FAILED);
            PlaywrightAssertions.assertThat(page.locator("[data-state=failed]")).hasCount(1);
            chrome.look(page, "job-failed");
            assertEquals(List.of(), chrome.problems());
        }
    }

    @Test
    void aPageSaysThatTheStudioIsGoneAndNoMoreWhenItIsBack() {
        try (Chrome chrome = new Chrome();
                Studio studio = Studio.in(folder)) {
            Page page = chrome.page(360, 740, ColorScheme.LIGHT);
            page.navigate(studio.server().address() + "/adapters/train");
            page.fill("#name", "half-typed");
            PlaywrightAssertions.assertThat(page.locator(".page-away")).hasCount(0);
            page.route("**/jobs/badge", Route::abort);
            PlaywrightAssertions.assertThat(page.locator(".page-away"))
                    .containsText("does not answer");
            chrome.look(page, "studio-gone");
            page.unroute("**/jobs/badge");
            PlaywrightAssertions.assertThat(page.locator(".page-away")).hasCount(0);
            PlaywrightAssertions.assertThat(page.locator("#name")).hasValue("half-typed");
        }
    }
}
