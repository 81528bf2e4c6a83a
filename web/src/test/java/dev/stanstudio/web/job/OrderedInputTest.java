package dev.stanstudio.web.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.adapter.file.AdapterFile;
import dev.stanstudio.sd3.checkpoint.Quantization;
import dev.stanstudio.web.home.Database;
import dev.stanstudio.web.home.JsonText;
import dev.stanstudio.web.home.StudioHome;
import dev.stanstudio.web.home.WorkSettings;
import dev.stanstudio.web.home.WorkState;
import dev.stanstudio.web.server.StudioContext;
import dev.stanstudio.web.testing.PartialAdapter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs whose inputs or results something else put there while they waited. */
class OrderedInputTest {
    @TempDir Path folder;

    private Database database;
    private JobTable table;

    @BeforeEach
    void open() {
        StudioHome home = new StudioHome(folder.resolve("home"));
        home.subfolder(".");
        database = Database.open(null, home.databaseFile());
        table =
                new JobTable(
                        new StudioContext(
                                home,
                                database,
                                Clock.systemUTC(),
                                new WorkSettings(null, "cpu", null, Quantization.NONE, 1, false)));
    }

    @AfterEach
    void close() {
        database.close();
    }

    private Path out() {
        return folder.resolve("training");
    }

    private Path begun() {
        return folder.resolve("begun");
    }

    /** A command that ends at once. */
    private List<String> ending() throws IOException {
        Path released = Files.writeString(folder.resolve("released"), "");
        return WaitForFileCommand.waiting(begun(), released).arguments();
    }

    private String order(JobCommand command) {
        return table.add(new JobRequest("a", JobKind.TRAINING, "t", List.of(command), out(), "/"));
    }

    private Job run(String id) {
        new JobRunner(table).run(id);
        return table.get(id).orElseThrow();
    }

    private void assertFailed(Job job, String words) {
        assertEquals(WorkState.FAILED, job.state());
        assertTrue(job.progress().said().contains(words), job.progress().said());
        assertTrue(job.canGoOn(), "once it is put right");
        assertFalse(Files.exists(begun()), "its command did not run");
    }

    private void assertGoesOn(String id) {
        assertTrue(table.resume(id));
        Job done = run(id);
        assertEquals(WorkState.DONE, done.state(), done.progress().said());
        assertTrue(Files.exists(begun()));
    }

    /** A training at the command line, say, into the folder of one that waits. */
    @Test
    void noJobIsDoneByWhatAnotherMade() throws IOException {
        Path adapter = Files.createDirectories(out().resolve("adapter"));
        String id = order(new JobCommand(ending(), adapter.toString(), true, List.of()));
        assertFailed(run(id), adapter + " was made by something else while this waited");

        Files.move(adapter, folder.resolve("elsewhere"));
        assertGoesOn(id);
    }

    @Test
    void whatAJobMadeItselfIsNotMadeAgain() throws IOException {
        Path adapter = out().resolve("adapter");
        String id = order(new JobCommand(ending(), adapter.toString(), true, List.of()));
        assertEquals(WorkState.DONE, run(id).state());
        Files.delete(begun());
        Files.createDirectory(adapter);
        // As if the process had died before this was stored.
        database.jdbi()
                .useHandle(h -> h.execute("UPDATE job SET state = 'queued', commands_done = 0"));
        assertEquals(WorkState.DONE, run(id).state());
        assertFalse(Files.exists(begun()));
    }

    @Test
    void aListThatChangedWhileTheJobWaitedIsNotRead() throws IOException {
        Path list = Files.writeString(folder.resolve("manifest.jsonl"), "one");
        JobCommand scoring =
                new JobCommand(ending(), null, false, List.of(OrderedInput.file(list)));
        String id = order(scoring);
        Files.writeString(list, "two");
        assertFailed(run(id), list + " has changed since this was ordered");

        Files.writeString(list, "one");
        assertGoesOn(id);
    }

    @Test
    void anAdapterThatWasReplacedWhileTheJobWaitedIsNotRead() throws IOException {
        Path ink = PartialAdapter.write(folder.resolve("ink.safetensors"));
        OrderedInput ordered;
        try (AdapterFile file = AdapterFile.open(ink)) {
            ordered = OrderedInput.adapter(ink, file.sha256(), file.settingsSha256());
        }
        String id = order(new JobCommand(ending(), null, false, List.of(ordered)));
        PartialAdapter.write(ink, 0.2f);
        assertFailed(run(id), ink + " has changed since this was ordered");

        PartialAdapter.write(ink);
        assertGoesOn(id);
    }

    @Test
    void jobsOfEarlierVersionsHaveNoInputs() {
        assertEquals(
                new JobCommand(List.of("doctor"), null),
                JsonText.read("{\"arguments\":[\"doctor\"],\"result\":null}", JobCommand.class));
    }
}
