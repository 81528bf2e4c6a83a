package dev.stanstudio.web.study.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.Sha256;
import dev.stanstudio.web.study.plan.StoppingRule;
import dev.stanstudio.web.study.plan.StudyPlan;
import dev.stanstudio.web.study.plan.Trial;
import dev.stanstudio.web.study.result.SimulatedStudy.Design;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.study.store.VoteRow;
import dev.stanstudio.web.testing.Requests;
import dev.stanstudio.web.testing.TestDatabase;
import dev.stanstudio.web.testing.TestStudio;
import dev.stanstudio.web.testing.Voter;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever has the files of a report alone comes to the same numbers. */
class RecountTest {
    private static final String QUESTION = "=1+1 Which?";

    /** A formula in full width, with a separator that some readers take for the end of a line. */
    private static final String WIDE = "\uFF1D1+1 Wh\u2028ich?";

    /** An interpreter that has the libraries of recount-requirements.txt; empty for none. */
    private static final String PYTHON =
            Stream.of(System.getProperty("STUDIO_PYTHON"), System.getenv("STUDIO_PYTHON"))
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse("");

    @TempDir Path folder;

    /**
     * Over HTTP: eight raters, answers taken back, more votes than the rule counts, one rater who
     * fails the checks.
     */
    @Test
    void aStudyFromTheFirstVoteToTheExport() throws Exception {
        Path out = folder.resolve("export");
        try (TestStudio studio = new TestStudio(folder, TestDatabase.SQLITE, Clock.systemUTC())) {
            Study study =
                    studio.study(
                            Requests.boats()
                                    .questions(List.of(QUESTION, WIDE))
                                    .votes(80)
                                    .trials(9)
                                    .raters(9)
                                    .repeats(1)
                                    .checks(2)
                                    .training(1),
                            6);
            for (int rater = 0; rater < 9; rater++) {
                vote(studio, study, rater);
            }
            assertTrue(studio.store.lock(study.id()));
            ReportFiles.copy(ReportFiles.freeze(studio.store, study.id()), out);
        }
        String csv = Files.readString(out.resolve("votes.csv"));
        assertTrue(csv.contains("'" + QUESTION), "a formula is defused");
        assertTrue(csv.contains("'" + WIDE), "a formula is defused");
        for (String name : List.of("plan.json", "preferences.jsonl", "result.json", "votes.csv")) {
            assertFalse(Files.readString(out.resolve(name)).contains(folder.toString()), name);
        }
        recount(out);
    }

    private static void vote(TestStudio studio, Study study, int rater) {
        Random random = new Random(rater);
        Voter voter = Voter.from("203.0.113." + rater, studio, study);
        HttpResponse<String> page = voter.join();
        if (page.statusCode() != 200) {
            return; // The study has what it needs.
        }
        for (Trial showing : study.plan().raters().get(rater)) {
            int best = Voter.choice(study, showing, List.of(1, rater % 2 == 0 ? 0 : 2, 0, 2));
            boolean check = showing.role() == Trial.Role.CHECK;
            int choice =
                    check && rater == 4
                            ? 0
                            : check || random.nextInt(10) > 3 ? best : random.nextInt(3);
            page = voter.cast(Voter.ticket(page), String.valueOf(choice));
            if (page.body().contains("Thank you")) {
                return;
            }
            if (!check && random.nextInt(8) == 0) {
                page = voter.undo(Voter.ticket(page));
                if (page.body().contains("Thank you")) {
                    return;
                }
                page = voter.cast(Voter.ticket(page), String.valueOf(best));
                if (page.body().contains("Thank you")) {
                    return;
                }
            }
        }
    }

    @Test
    void allAtOnceByManyRaters() throws Exception {
        SimulatedStudy study =
                simulated(
                        new Design(3, 12, 18, 10, 1, 2, true),
                        new StoppingRule(StoppingRule.Kind.VOTES, 150, 0.05));
        recount(written(study));
    }

    @Test
    void aStudyThatEndsByItsSequence() throws Exception {
        SimulatedStudy study =
                simulated(
                        new Design(2, 24, 20, 16, 2, 2, false),
                        new StoppingRule(StoppingRule.Kind.SEQUENCE, 10_000, 0.05));
        recount(written(study));
    }

    /** Raters who leave, of whom one comes back, when the study is over or before. */
    @Test
    void aSequenceWithRatersWhoLeft() throws Exception {
        Design design = new Design(2, 24, 12, 16, 2, 2, false);
        SimulatedStudy study =
                new SimulatedStudy(
                        design,
                        true,
                        new StoppingRule(StoppingRule.Kind.SEQUENCE, 10_000, 0.05),
                        41);
        for (int rater = 0; rater < 12; rater++) {
            int stays = rater % 3 == 0 ? 3 + rater : 20;
            for (int position = 0; position < stays; position++) {
                study.answer(rater, position, study.taste(study.beta(6, 2), 0.15));
            }
        }
        for (int position = 3; position < 9; position++) {
            study.answer(0, position, study.taste(0, 0));
        }
        recount(written(study));
    }

    /** Half of the raters look at no check; the study ends with the votes of the others. */
    @Test
    void aFixedNumberAmongRatersWhoFailChecks() throws Exception {
        SimulatedStudy study =
                new SimulatedStudy(
                        new Design(2, 24, 20, 16, 2, 3, false),
                        true,
                        new StoppingRule(StoppingRule.Kind.VOTES, 120, 0.05),
                        17);
        for (int rater = 0; rater < 20; rater++) {
            SimulatedStudy.Person honest = study.taste(0.8, 0.1);
            study.answerAll(
                    rater,
                    rater % 2 == 0
                            ? new SimulatedStudy.Person((m, cell) -> 1, 1e-9, 3000)
                            : honest);
        }
        Path out = written(study);
        recount(out);
        String numbers = Files.readString(out.resolve(ReportFiles.RESULT));
        assertTrue(numbers.contains("\"votes_towards_end\" : 120,"), numbers);
        assertTrue(numbers.contains("\"complete\" : true"), numbers);
        assertEquals(Counting.PASSING, ReportFiles.counting(out));
        // As the version before wrote it.
        Files.writeString(
                out.resolve(ReportFiles.RESULT),
                numbers.replaceAll(".*\"votes_towards_end\".*\\R", ""));
        assertEquals(Counting.EVERYBODY, ReportFiles.counting(out));
        assertEquals(Counting.PASSING, ReportFiles.counting(folder.resolve("no report")));
    }

    /** The number of votes is not reached, so nothing is a verdict. */
    @Test
    void aStudyThatWasLockedEarly() throws Exception {
        Path out =
                written(
                        simulated(
                                new Design(2, 24, 8, 16, 2, 2, false),
                                new StoppingRule(StoppingRule.Kind.VOTES, 400, 0.05)));
        recount(out);
        String page = Files.readString(out.resolve(ReportFiles.PAGE));
        assertTrue(page.contains("No verdict between method 0 and method 1"));
        assertTrue(
                page.contains("before the number of votes that was fixed beforehand is reached"));
    }

    /** A plan as the version before wrote it, ended by twelve votes of one rater then. */
    @Test
    void aStudyOfTheVersionBeforeOpensUnderTheNewRule() throws Exception {
        String json =
                """
                {"version":1,"salt":"s","settings":{"title":"Old","introduction":"","questions":["Which?"],\
                "arrangement":"PAIRS","ties":true,"references":false,"trials":2,"repeats":0,"checks":0,\
                "training":0,"minMillis":0,"raters":2,"stop":{"kind":"SEQUENCE","votes":200,"alpha":0.05},\
                "seed":0},"methods":["a","b"],"cells":[{"prompt":"p","style":"","seed":"","references":[]},\
                {"prompt":"q","style":"","seed":"","references":[]}],"pictures":[\
                {"file":"1.png","cell":0,"method":0,"sha256":"","source":"/home/owner/grid/a/1.png"},\
                {"file":"2.png","cell":0,"method":1,"sha256":"","source":"/home/owner/grid/b/1.png"},\
                {"file":"3.png","cell":1,"method":0,"sha256":"","source":"/home/owner/grid/a/2.png"},\
                {"file":"4.png","cell":1,"method":1,"sha256":"","source":"/home/owner/grid/b/2.png"}],\
                "raters":[[{"role":"VOTE","question":0,"pictures":[0,1],"expected":0},\
                {"role":"VOTE","question":0,"pictures":[2,3],"expected":0}],[]]}\
                """;
        StudyPlan plan = StudyPlan.parse(json);
        List<VoteRow> rows = new ArrayList<>();
        for (int position = 0; position < 2; position++) {
            rows.add(new VoteRow(position + 1, 0, position, 0, 1, 900, position));
        }
        Study study =
                new Study(
                        "id",
                        "link",
                        "secret",
                        plan,
                        Sha256.of(json),
                        Instant.EPOCH,
                        Instant.EPOCH);
        assertFalse(Evaluation.state(study, rows).complete());
        Path out = folder.resolve("old");
        ReportFiles.write(study, rows, out);
        String preferences = Files.readString(out.resolve("preferences.jsonl"));
        assertTrue(preferences.contains("\"chosen\":\"a/1.png\""), preferences);
        assertFalse(Files.readString(out.resolve("plan.json")).contains("owner"));
        String page = Files.readString(out.resolve("report.html"));
        assertTrue(
                page.contains("No verdict between a and b: a leads by the mean score of 1 rater"));
        // A report that was frozen before there was result.json is copied as it is.
        Files.delete(out.resolve(ReportFiles.RESULT));
        ReportFiles.copy(out, folder.resolve("copy"));
        assertTrue(Files.exists(folder.resolve("copy/votes.csv")));
    }

    private static SimulatedStudy simulated(Design design, StoppingRule stop) {
        SimulatedStudy study = new SimulatedStudy(design, true, stop, 99);
        for (int rater = 0; rater < design.raters(); rater++) {
            study.answerAll(rater, study.taste(study.beta(9, 2), 0.15));
        }
        return study;
    }

    private Path written(SimulatedStudy simulated) {
        Study study =
                new Study(
                        "id",
                        "link",
                        "secret",
                        simulated.plan,
                        Sha256.of(simulated.plan.json()),
                        Instant.EPOCH,
                        Instant.EPOCH);
        Path out = folder.resolve("written");
        ReportFiles.write(study, simulated.rows(), out);
        return out;
    }

    private void recount(Path out) throws Exception {
        Recount recount = new Recount(out);
        recount.check();
        System.out.println(recount.compared + " numbers of a report counted again from its files");
        assertTrue(recount.compared >= 8);
        if (!PYTHON.isEmpty()) {
            byPython(out);
        }
    }

    @Test
    void publicLibrariesComeToTheSameNumbers() throws Exception {
        if (PYTHON.isEmpty()) {
            System.out.println(
                    "recount.py is not run: STUDIO_PYTHON names no interpreter with the libraries"
                            + " of docs/reference/recount-requirements.txt");
        }
        Assumptions.assumeFalse(PYTHON.isEmpty(), "STUDIO_PYTHON is not set");
        byPython(
                written(
                        simulated(
                                new Design(4, 10, 8, 12, 0, 1, false),
                                new StoppingRule(StoppingRule.Kind.VOTES, 90, 0.05))));
    }

    private static void byPython(Path out) throws IOException, InterruptedException {
        Path script = script();
        Process process =
                new ProcessBuilder(PYTHON, script.toString(), out.toString())
                        .redirectErrorStream(true)
                        .start();
        String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        System.out.print(told);
        assertEquals(0, process.waitFor(), told);
    }

    private static Path script() {
        Path here = Path.of("").toAbsolutePath();
        while (here != null && !Files.exists(here.resolve("docs/reference/recount.py"))) {
            here = here.getParent();
        }
        return Objects.requireNonNull(here).resolve("docs/reference/recount.py");
    }
}
