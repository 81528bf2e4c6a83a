package dev.stanstudio.web.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.UserException;
import dev.stanstudio.web.study.plan.StoppingRule;
import dev.stanstudio.web.study.plan.StudySettings;
import dev.stanstudio.web.study.result.Comparison;
import dev.stanstudio.web.study.result.Evaluation;
import dev.stanstudio.web.study.result.ReportFiles;
import dev.stanstudio.web.study.result.StudyResult;
import dev.stanstudio.web.study.source.Sources;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.study.store.StudyStore;
import dev.stanstudio.web.testing.Requests;
import dev.stanstudio.web.testing.TestDatabase;
import dev.stanstudio.web.testing.TestStudio;
import dev.stanstudio.web.testing.Voter;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Studies over real HTTP on both databases. */
class StudyHttpTest {
    @TempDir Path folder;

    private TestStudio studio(TestDatabase database) {
        return new TestStudio(folder, database, Clock.systemUTC());
    }

    @ParameterizedTest
    @EnumSource
    void threeRatersVoteAndTheWinRateComesOut(TestDatabase database) throws IOException {
        try (TestStudio studio = studio(database)) {
            Study study =
                    studio.study(
                            Requests.boats()
                                    .votes(27)
                                    .trials(9)
                                    .raters(4)
                                    .repeats(2)
                                    .checks(1)
                                    .training(1),
                            6);
            for (int rater = 0; rater < 3; rater++) {
                // Two prefer SparseStan to everything, the third LowRank.
                new Voter(studio, study)
                        .voteAll(study, rater, rater < 2 ? List.of(1, 0, 2) : List.of(0, 1, 2));
            }
            assertThrows(UserException.class, () -> ReportFiles.freeze(studio.store, study.id()));
            assertTrue(studio.store.lock(study.id()));
            StudyResult result = evaluate(studio, study);
            assertTrue(result.complete());
            assertEquals(27, result.counted());
            Comparison base =
                    result.questions().get(0).comparisons().stream()
                            .filter(
                                    c ->
                                            c.leader().equals("SparseStan")
                                                    && c.other().equals("Untrained"))
                            .findFirst()
                            .orElseThrow();
            assertEquals(1.0, base.share());
            assertEquals(0, base.losses());
            report(studio, study);
        }
    }

    /** All three methods at once, the best is picked, as in the paper. */
    @ParameterizedTest
    @EnumSource
    void allMethodsAtOnceAreCountedByWhoIsPicked(TestDatabase database) throws IOException {
        try (TestStudio studio = studio(database)) {
            Study study =
                    studio.study(
                            Requests.boats()
                                    .arrangement(StudySettings.Arrangement.ALL)
                                    .questions(List.of("Best?"))
                                    .votes(24)
                                    .trials(12)
                                    .raters(4)
                                    .checks(1),
                            12);
            Voter first = new Voter(studio, study);
            assertEquals(3, Voter.pictures(first.join()).size());
            first.voteAll(study, 0, List.of(1, 0, 2));
            new Voter(studio, study).voteAll(study, 1, List.of(0, 1, 2));
            assertTrue(studio.store.lock(study.id()));
            StudyResult result = evaluate(studio, study);
            assertEquals(24, result.counted());
            Map<String, Long> picks = new java.util.TreeMap<>();
            result.questions().get(0).methods().forEach(m -> picks.put(m.method(), m.picks()));
            assertEquals(Map.of("LowRank", 12L, "SparseStan", 12L, "Untrained", 0L), picks);
            assertEquals(
                    List.of(24L, 24L, 24L),
                    result.questions().get(0).methods().stream().map(m -> m.shown()).toList());
        }
    }

    /** Every place can be chosen, also where its number has two digits. */
    @Test
    void theLastOfElevenPicturesIsChosen() throws IOException {
        try (TestStudio studio = studio(TestDatabase.SQLITE)) {
            Path one = studio.pictures(1, 48).resolve(TestStudio.METHODS.get(0));
            Map<String, Path> methods =
                    IntStream.range(0, 11)
                            .boxed()
                            .collect(Collectors.toMap(m -> "method " + m, m -> one));
            Study study =
                    Requests.boats()
                            .arrangement(StudySettings.Arrangement.ALL)
                            .votes(1)
                            .trials(1)
                            .raters(1)
                            .build()
                            .make(studio.store, Sources.folders(methods));
            Voter voter = new Voter(studio, study);
            String ticket = Voter.ticket(voter.join());
            assertEquals(400, voter.cast(ticket, "12").statusCode());
            assertEquals(200, voter.cast(ticket, "11").statusCode());
            assertTrue(studio.store.lock(study.id()));
            Path report = ReportFiles.freeze(studio.store, study.id());
            String row = Files.readAllLines(report.resolve("votes.csv")).get(1);
            List<Integer> shown = study.plan().methodsOf(study.plan().raters().get(0).get(0));
            String chosen = study.plan().methods().get(shown.get(10));
            assertEquals(
                    chosen, evaluate(studio, study).questions().get(0).methods().get(0).method());
            // Of the first two pictures the answer says nothing.
            String first = study.plan().methods().get(shown.get(0));
            String second = study.plan().methods().get(shown.get(1));
            assertTrue(row.startsWith("R1,1,0,%s,%s,,vote,".formatted(first, second)), row);
        }
    }

    @Test
    void thePowerCalculatorTakesTheNumbersAsGiven() {
        try (TestStudio studio = studio(TestDatabase.SQLITE)) {
            assertTrue(power(studio, "each=29").contains(" 29 decisive votes each"));
            assertTrue(power(studio, "each=58").contains(" 58 decisive votes each"));
            assertTrue(power(studio, "share=51").startsWith("4710 voters"));
            assertTrue(power(studio, "share=50.0001").startsWith("Give a share between 51"));
            assertTrue(power(studio, "share=NaN").startsWith("Give a share between 51"));
        }
    }

    private static String power(TestStudio studio, String query) {
        return new Voter(studio.server.address(), "").get("/studies/power?" + query).body().strip();
    }

    /** Two admins lock at the same moment, and one of them is told that it was done. */
    @ParameterizedTest
    @EnumSource
    void oneOfTwoAdminsLocks(TestDatabase database) throws Exception {
        try (TestStudio studio = studio(database)) {
            Study study = studio.study(Requests.boats().votes(20).trials(5).raters(4), 4);
            Voter voter = new Voter(studio, study);
            String ticket = Voter.ticket(voter.join());
            voter.cast(ticket, "1");
            ExecutorService pool = Executors.newFixedThreadPool(2);
            String lock = "/studies/" + study.id() + "/lock";
            List<Future<HttpResponse<String>>> answers =
                    pool.invokeAll(
                            List.of(
                                    () -> new Voter(studio, study).post(lock, Map.of(), false),
                                    () -> new Voter(studio, study).post(lock, Map.of(), false)));
            pool.shutdown();
            List<HttpResponse<String>> sorted = new java.util.ArrayList<>();
            for (Future<HttpResponse<String>> answer : answers) {
                sorted.add(answer.get());
            }
            sorted.sort(java.util.Comparator.comparingInt(HttpResponse::statusCode));
            assertEquals(303, sorted.get(0).statusCode());
            assertEquals(409, sorted.get(1).statusCode());
            assertTrue(sorted.get(1).body().contains("was locked already"));
            // A vote from before the lock, sent again, is refused without doing harm.
            assertEquals(410, voter.cast(ticket, "1").statusCode());
            assertEquals(1, studio.store.rowCount(study));
        }
    }

    private static StudyResult evaluate(TestStudio studio, Study study) {
        Study now = studio.store.byId(study.id());
        return Evaluation.of(now, studio.store.rows(now));
    }

    private static void report(TestStudio studio, Study study) throws IOException {
        Path report = ReportFiles.freeze(studio.store, study.id());
        // A study that has its last vote takes no repeat or check after it.
        int answers = StudyStore.standing(studio.store.rows(study)).size();
        assertTrue(answers > 2 * 13 && answers <= 3 * 13, answers + " answers");
        assertEquals(1 + answers, Files.readAllLines(report.resolve("votes.csv")).size());
        List<String> arena = Files.readAllLines(report.resolve("votes.jsonl"));
        assertEquals(27, arena.size());
        assertTrue(
                arena.get(0).contains("\"model_a\"") && arena.get(0).contains("\"judge\":\"R1\""));
        assertEquals(27, Files.readAllLines(report.resolve("preferences.jsonl")).size());
        assertTrue(Files.readString(report.resolve("report.html")).contains("SparseStan"));
        byte[] before = Files.readAllBytes(report.resolve("SHA256SUMS"));
        ReportFiles.freeze(studio.store, study.id());
        org.junit.jupiter.api.Assertions.assertArrayEquals(
                before, Files.readAllBytes(report.resolve("SHA256SUMS")));
    }

    @ParameterizedTest
    @EnumSource
    void aVoteCountsOnceHoweverOftenItIsSent(TestDatabase database) throws Exception {
        try (TestStudio studio = studio(database)) {
            Study study = studio.study(Requests.boats().votes(20).trials(5).raters(4), 4);
            Voter voter = new Voter(studio, study);
            String ticket = Voter.ticket(voter.join());
            ExecutorService pool = Executors.newFixedThreadPool(8);
            List<Future<HttpResponse<String>>> answers =
                    pool.invokeAll(
                            IntStream.range(0, 24)
                                    .<Callable<HttpResponse<String>>>mapToObj(
                                            i -> () -> voter.cast(ticket, "1"))
                                    .toList());
            for (Future<HttpResponse<String>> answer : answers) {
                assertEquals(200, answer.get().statusCode());
            }
            pool.shutdown();
            assertEquals(1, studio.store.rowCount(study));
            HttpResponse<String> other = voter.cast(ticket, "2");
            assertEquals(409, other.statusCode());
            assertTrue(other.body().contains("has your answer already"), other.body());
            assertEquals(1, studio.store.rowCount(study));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aVoteIsTakenBackOnceAndTheDeviceGoesOnWhereItWas(TestDatabase database)
            throws IOException {
        try (TestStudio studio = studio(database)) {
            Study study = studio.study(Requests.boats().votes(20).trials(5).raters(4), 4);
            Voter voter = new Voter(studio, study);
            voter.cast(Voter.ticket(voter.join()), "1");
            HttpResponse<String> third = voter.cast(Voter.ticket(voter.open()), "0");
            HttpResponse<String> undone = voter.undo(Voter.ticket(third));
            assertTrue(undone.body().contains("2 of 5"), undone.body());
            assertEquals(409, voter.undo(Voter.ticket(undone)).statusCode());
            voter.cast(Voter.ticket(undone), "2");
            assertTrue(voter.open().body().contains("3 of 5"));
            var standing = StudyStore.standing(studio.store.rows(study));
            assertEquals(List.of(1, 2), standing.stream().map(row -> row.choice()).toList());
            assertEquals(4, studio.store.rowCount(study), "nothing is ever removed");
        }
    }

    @ParameterizedTest
    @EnumSource
    void forgedHastyAndLateVotesAreRefused(TestDatabase database) throws IOException {
        try (TestStudio studio = studio(database)) {
            Study study = studio.study(Requests.boats().votes(20).trials(5).raters(4), 4);
            Voter voter = new Voter(studio, study);
            String ticket = Voter.ticket(voter.join());
            Voter other = new Voter(studio, study);
            other.join();
            assertEquals(403, other.cast(ticket, "1").statusCode(), "another's ticket");
            assertEquals(
                    403,
                    voter.cast(ticket.replace("0.0.", "3.0."), "1").statusCode(),
                    "a forged one");
            assertEquals(403, voter.cast("", "1").statusCode());
            assertEquals(400, voter.cast(ticket, "3").statusCode());
            assertEquals(400, voter.cast(ticket, "SparseStan").statusCode());
            assertEquals(
                    403, new Voter(studio, study).cast(ticket, "1").statusCode(), "a stranger");
            assertEquals(404, new Voter(studio.server.address(), "nothing").open().statusCode());
            assertEquals(0, studio.store.rowCount(study));

            Study slow =
                    studio.study(
                            Requests.boats().votes(20).trials(5).raters(4).minMillis(60_000), 4);
            Voter hasty = new Voter(studio, slow);
            assertEquals(425, hasty.cast(Voter.ticket(hasty.join()), "1").statusCode());

            assertTrue(studio.store.lock(study.id()));
            assertFalse(studio.store.lock(study.id()), "a second admin");
            HttpResponse<String> late = voter.cast(ticket, "1");
            assertEquals(410, late.statusCode());
            assertTrue(late.body().contains("closed"), late.body());
            assertTrue(new Voter(studio, study).open().body().contains("This study is closed"));
            assertEquals(0, studio.store.rowCount(study));
        }
    }

    @ParameterizedTest
    @EnumSource
    void votesSurviveARestartAndAChangedPlanIsNoticed(TestDatabase database) throws IOException {
        String url = database.newUrl(folder);
        Study study;
        try (TestStudio studio = new TestStudio(folder, url, Clock.systemUTC(), "")) {
            study = studio.study(Requests.boats().votes(20).trials(5).raters(4), 4);
            Voter voter = new Voter(studio, study);
            voter.cast(Voter.ticket(voter.join()), "1");
        }
        try (TestStudio studio = new TestStudio(folder, url, Clock.systemUTC(), "")) {
            assertEquals(1, studio.store.rowCount(studio.store.byId(study.id())));
            studio.studio
                    .database()
                    .jdbi()
                    .useHandle(
                            h ->
                                    h.createUpdate(
                                                    "UPDATE study SET plan = replace(plan, 'Boats',"
                                                            + " 'Ships')")
                                            .execute());
            UserException e =
                    assertThrows(
                            UserException.class,
                            () -> new StudyStore(studio.studio).byId(study.id()));
            assertTrue(e.getMessage().contains("was changed after it was made"), e.getMessage());
        }
    }

    @ParameterizedTest
    @EnumSource
    void theSequenceEndsTheStudyByItself(TestDatabase database) throws IOException {
        // Seconds pass between any two looks at the clock, so nothing known is ever fresh.
        AtomicLong now = new AtomicLong();
        Clock clock =
                new Clock() {
                    @Override
                    public Instant instant() {
                        return Instant.ofEpochMilli(now.addAndGet(1500));
                    }

                    @Override
                    public ZoneId getZone() {
                        return ZoneOffset.UTC;
                    }

                    @Override
                    public Clock withZone(ZoneId zone) {
                        return this;
                    }
                };
        try (TestStudio studio = new TestStudio(folder, database, clock)) {
            Path two = studio.pictures(12, 48);
            Study study =
                    Requests.boats()
                            .stop(StoppingRule.Kind.SEQUENCE)
                            .questions(List.of("Better?"))
                            .votes(200)
                            .trials(12)
                            .raters(12)
                            .build()
                            .make(
                                    studio.store,
                                    dev.stanstudio.web.study.source.Sources.folders(
                                            new java.util.TreeMap<>(
                                                    Map.of(
                                                            "LowRank", two.resolve("LowRank"),
                                                            "SparseStan",
                                                                    two.resolve("SparseStan")))));
            // Twelve votes of one rater decided it once; now each rater says one thing.
            Voter.from("203.0.113.0", studio, study).voteAll(study, 0, List.of(1, 0));
            assertFalse(evaluate(studio, study).complete());
            int raters = 1;
            while (raters < 12 && !evaluate(studio, study).complete()) {
                // Of one address no more than five would count.
                Voter.from("203.0.113." + raters, studio, study)
                        .voteAll(study, raters++, List.of(1, 0));
            }
            StudyResult result = evaluate(studio, study);
            assertTrue(result.complete());
            assertTrue(raters >= 6 && raters < 12, "decided after " + raters);
            // It ends with a vote, not with a rater.
            assertTrue(result.counted() > 12 * (raters - 1) && result.counted() <= 12 * raters);
            assertTrue(result.questions().get(0).comparisons().get(0).decided());
            assertTrue(new Voter(studio, study).open().body().contains("This study is closed"));
        }
    }
}
