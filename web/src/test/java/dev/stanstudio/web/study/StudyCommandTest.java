package dev.stanstudio.web.study;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.web.CommandLines;
import dev.stanstudio.web.home.StudioHome;
import dev.stanstudio.web.study.plan.ConsentTerms;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.testing.Requests;
import dev.stanstudio.web.testing.TestDatabase;
import dev.stanstudio.web.testing.TestStudio;
import dev.stanstudio.web.testing.Voter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code studio study …}, from pictures to the exported report. */
class StudyCommandTest {
    @TempDir Path folder;
    private String url = "";

    private final String userHome = System.getProperty("user.home");

    private record Told(int code, String out, String err) {}

    /** The commands find the studio's folder below the user's. */
    @BeforeEach
    void open() {
        System.setProperty("user.home", folder.toString());
        url = TestDatabase.SQLITE.newUrl(folder);
    }

    @AfterEach
    void restore() {
        System.setProperty("user.home", userHome);
    }

    private TestStudio studio() {
        return new TestStudio(StudioHome.ofEnvironment().folder(), url, Clock.systemUTC(), "");
    }

    private Told study(String... arguments) {
        List<String> all = new ArrayList<>(List.of("study"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--db", url));
        return run(all.toArray(String[]::new));
    }

    private static Told run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> all = List.of(arguments);
        int code = CommandLines.run(new PrintWriter(out, true), new PrintWriter(err, true), all);
        return new Told(code, out.toString(), err.toString());
    }

    /** An author who names no contact reads that it is missing. */
    @Test
    void consentIsGivenByOptions() throws IOException {
        String pictures;
        try (TestStudio studio = studio()) {
            pictures = studio.pictures(4, 32).toString();
        }
        Told plain = study("create", pictures, "--title", "Boats");
        assertEquals(0, plain.code(), plain.err());
        assertTrue(plain.out().contains("voters are told no contact"), plain.out());
        Told made =
                study(
                        "create",
                        pictures,
                        "--title",
                        "Asked",
                        "--asked-by",
                        "Institute",
                        "--contact",
                        "ethics@seeing.example",
                        "--purpose",
                        "Boats.",
                        "--retention",
                        "A year.",
                        "--publication",
                        "None.",
                        "--minimum-age",
                        "16");
        assertEquals(0, made.code(), made.err());
        assertFalse(made.out().contains("no contact"), made.out());
        try (TestStudio studio = studio()) {
            assertEquals(
                    new ConsentTerms(
                            "Institute", "ethics@seeing.example", "Boats.", "A year.", "None.", 16),
                    studio.store.all().stream()
                            .filter(study -> study.title().equals("Asked"))
                            .findFirst()
                            .orElseThrow()
                            .plan()
                            .settings()
                            .terms());
        }
        Told old = study("create", pictures, "--title", "Boats", "--minimum-age", "-1");
        assertEquals(2, old.code());
        assertTrue(old.err().contains("the minimum age -1 is not between 0 and 120"), old.err());
    }

    @Test
    void aStudyIsMadeVotedOnLockedReportedAndExported() throws IOException {
        Path pictures;
        try (TestStudio studio = studio()) {
            pictures = studio.pictures(4, 32);
        }
        Path receipt = folder.resolve("receipt.json");
        Told made =
                study(
                        "create",
                        pictures.toString(),
                        "--title",
                        "Boats",
                        "--votes",
                        "8",
                        "--trials",
                        "8",
                        "--repeats",
                        "0",
                        "--checks",
                        "0",
                        "--training",
                        "0",
                        "--min-millis",
                        "0",
                        "--receipt",
                        receipt.toString());
        assertEquals(0, made.code(), made.err());
        JsonNode facts = new ObjectMapper().readTree(receipt.toFile());
        String id = facts.path("id").asText();
        assertTrue(made.out().contains("plan     sha256 " + facts.path("plan_sha256").asText()));
        assertTrue(study("list").out().startsWith(id + "  open"), study("list").out());

        Told early = study("report", id);
        assertEquals(1, early.code());
        assertTrue(early.err().contains("still takes votes"), early.err());
        assertFalse(early.out().contains("SparseStan"), early.out());

        vote(id);
        assertEquals(0, study("lock", id).code());
        assertTrue(study("lock", id).err().contains("is locked already"));
        Told report = study("report", id);
        assertTrue(report.out().contains("8 votes by 1 raters"), report.out());
        assertTrue(report.out().contains("SparseStan"), report.out());
        Path out = folder.resolve("export");
        assertEquals(0, study("export", id, "--out", out.toString()).code());
        assertTrue(Files.exists(out.resolve("report.html")));
        assertEquals(8, Files.readAllLines(out.resolve("votes.jsonl")).size());
        verify(out, facts.path("plan_sha256").asText());
    }

    @Test
    void aStudyWhoseReceiptCannotBeWrittenIsNamedAllTheSame() throws IOException {
        Path pictures;
        try (TestStudio studio = studio()) {
            pictures = studio.pictures(4, 32);
        }
        Path full = Files.createDirectory(folder.resolve("receipt"));
        Told made =
                study("create", pictures.toString(), "--title", "T", "--receipt", full.toString());
        assertEquals(1, made.code());
        String id = study("list").out().split(" ", 2)[0];
        assertTrue(made.out().startsWith("study " + id + ": T"), made.out());
    }

    /** Anybody can draw the plan again from what was published, and sees when it was changed. */
    private void verify(Path report, String commitment) throws IOException {
        Told equal = run("study", "verify", report.toString(), "--commitment", commitment);
        assertEquals(0, equal.code(), equal.err());
        assertTrue(equal.out().contains("commitment  sha256 " + commitment), equal.out());
        assertTrue(equal.out().contains("plan        equal"), equal.out());
        Told other = run("study", "verify", report.toString(), "--commitment", "00" + commitment);
        assertEquals(1, other.code());
        assertTrue(other.err().contains("published 00" + commitment), other.err());

        assertFalse(equal.out().contains("note "), equal.out());
        Told pasted =
                run("study", "verify", report.toString(), "--commitment=sha256 " + commitment);
        assertEquals(0, pasted.code(), pasted.err());
        assertEquals(2, run("study", "verify", report.toString(), "--commitment", " ").code());
        Told alone = run("study", "verify", report.resolve("plan.json").toString());
        assertTrue(alone.out().contains("note        compare the commitment"), alone.out());

        Path plan = report.resolve("plan.json");
        String text = Files.readString(plan);
        Files.writeString(plan, text.replaceFirst("\\[(\\d+),(\\d+)\\]", "[$2,$1]"));
        Told changed = run("study", "verify", plan.toString());
        assertEquals(1, changed.code(), changed.out());
        assertTrue(changed.err().contains("SHA256SUMS names another hash"), changed.err());
        assertTrue(changed.err().contains("rater 0, trial "), changed.err());
        for (String damaged :
                List.of(
                        "{}",
                        "null",
                        text + "{}",
                        text.replace("\"version\":2", "\"version\":1"),
                        text.replace("\"methods\"", "\"methods\":[],\"methods\""),
                        text.replaceFirst("\"methods\":\\[[^\\]]*\\]", "\"methods\":[\"a\"]"),
                        text.replaceFirst("\"file\":\"[^\"]*\",", ""),
                        text.replaceFirst("\"role\":\"[^\"]*\",", ""),
                        text.replaceFirst("\"references\":\\[\\]", "\"references\":null"),
                        text.replaceFirst("\"stop\":\\{[^}]*\\},", ""),
                        text.replaceFirst("\"settings\":\\{.*?\\}\\},", ""))) {
            Files.writeString(plan, damaged);
            Told told = run("study", "verify", plan.toString());
            assertEquals(1, told.code(), damaged);
            assertTrue(told.err().startsWith("studio: " + plan + ": the plan of"), told.err());
            assertTrue(told.err().contains("damaged"), told.err());
        }
        Files.delete(plan);
        assertTrue(run("study", "verify", report.toString()).err().contains("there is no plan"));
    }

    private void vote(String id) {
        try (TestStudio studio = studio()) {
            Study study = studio.store.byId(id);
            new Voter(studio, study).voteAll(study, 0, List.of(1, 0, 2));
        }
    }

    /** Before, they were made all the same, and held places for links that nobody had. */
    @Test
    void linksThatCannotBeWrittenAreNotMade() throws IOException {
        String id;
        try (TestStudio studio = studio()) {
            id = studio.study(Requests.boats().votes(20).trials(5).raters(4), 4).id();
        }
        refused(1, "cannot write", "invite", id, "2", "--links", folder.toString());
        try (TestStudio studio = studio()) {
            assertEquals(0, studio.store.invited(studio.store.byId(id)).made());
        }
        Path links = folder.resolve("links.csv");
        assertEquals(0, study("invite", id, "4", "--links", links.toString()).code());
        assertEquals(5, Files.readAllLines(links).size());
    }

    @Test
    void whatIsWrongIsOneLine() {
        assertAll(
                () -> refused(1, "there is no study nothing", "lock", "nothing"),
                () -> refused(1, "there is no folder or list", "create", "/none", "--title", "x"),
                () -> refused(2, "give either PICTURES or --method", "create", "--title", "x"),
                () -> refused(2, "trials 0 is less than 1", made("--trials", "0")),
                () -> refused(2, "1000000 votes in trials of", made("--votes", "1000000")),
                () ->
                        refused(
                                2,
                                "at least two methods",
                                "create",
                                "--title",
                                "x",
                                "--method",
                                "a=" + folder));
    }

    private String[] made(String... more) throws IOException {
        Path pictures;
        try (TestStudio studio = studio()) {
            pictures = studio.pictures(4, 48);
        }
        return Stream.concat(
                        Stream.of("create", pictures.toString(), "--title", "x"), Stream.of(more))
                .toArray(String[]::new);
    }

    private void refused(int code, String words, String... arguments) {
        Told told = study(arguments);
        assertEquals(code, told.code(), told.err());
        assertTrue(told.err().contains(words), told.err());
        assertEquals(1, told.err().lines().count(), told.err());
    }
}
