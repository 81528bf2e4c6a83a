package dev.stanstudio.web.study.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.web.study.plan.Showing;
import dev.stanstudio.web.study.plan.StoppingRule;
import dev.stanstudio.web.study.result.SimulatedStudy;
import dev.stanstudio.web.study.result.SimulatedStudy.Design;
import dev.stanstudio.web.study.store.Study;
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
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever has the files of a report alone comes to the same numbers. */
class RecountTest {
    private static final String QUESTION = "=1+1 Which?";

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
                            Requests.of(false, false, List.of(QUESTION), 80, 9, 9, 1, 2, 1, 0), 6);
            for (int rater = 0; rater < 9; rater++) {
                vote(studio, study, rater);
            }
            assertTrue(studio.store.lock(study.id()));
            ReportFiles.copy(ReportFiles.freeze(studio.store, study.id()), out);
        }
        String csv = Files.readString(out.resolve("votes.csv"));
        assertTrue(csv.contains("'" + QUESTION), "a formula is defused");
        for (String name : List.of("plan.json", "preferences.jsonl", "result.json", "votes.csv")) {
            assertFalse(Files.readString(out.resolve(name)).contains(folder.toString()), name);
        }
        recount(out);
    }

    private static void vote(TestStudio studio, Study study, int rater) {
        Random random = new Random(rater);
        Voter voter = new Voter(studio, study);
        HttpResponse<String> page = voter.join();
        for (Showing showing : study.plan().raters().get(rater)) {
            int best = Voter.choice(study, showing, List.of(1, rater % 2 == 0 ? 0 : 2, 0, 2));
            boolean check = showing.role() == Showing.Role.CHECK;
            int choice =
                    check && rater == 4 ? 0 : check || random.nextInt(10) > 3 ? best : random.nextInt(3);
            page = voter.cast(Voter.ticket(page), String.valueOf(choice));
            if (page.body().contains("Thank you")) {
                return;
            }
            if (!check && random.nextInt(8) == 0) {
                page = voter.undo(Voter.ticket(page));
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
                        dev.stanstudio.web.study.plan.StudyPlan.hash(simulated.plan.json()),
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
        byPython(out);
    }

    /** With public libraries, where an interpreter that has them is named. */
    private void byPython(Path out) throws IOException, InterruptedException {
        String python =
                Stream.of(System.getProperty("STUDIO_PYTHON"), System.getenv("STUDIO_PYTHON"))
                        .filter(java.util.Objects::nonNull)
                        .findFirst()
                        .orElse("");
        if (python.isEmpty()) {
            System.out.println(
                    "recount.py is not run: STUDIO_PYTHON names no interpreter with the libraries of"
                            + " docs/reference/recount-requirements.txt");
        }
        Assumptions.assumeFalse(python.isEmpty(), "STUDIO_PYTHON is not set");
        Path script = script();
        Process process =
                new ProcessBuilder(python, script.toString(), out.toString())
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
        return java.util.Objects.requireNonNull(here).resolve("docs/reference/recount.py");
    }
}
