package dev.stanstudio.web.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.Sha256;
import dev.stanstudio.web.study.plan.StudyPlan;
import dev.stanstudio.web.study.plan.StudySettings;
import dev.stanstudio.web.study.plan.Trial;
import dev.stanstudio.web.study.result.ReportFiles;
import dev.stanstudio.web.study.result.StudyResult;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.study.store.StudyStore;
import dev.stanstudio.web.study.store.VoteRow;
import dev.stanstudio.web.testing.Requests;
import dev.stanstudio.web.testing.SetClock;
import dev.stanstudio.web.testing.TestDatabase;
import dev.stanstudio.web.testing.TestStudio;
import dev.stanstudio.web.testing.Voter;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Votes that were acknowledged stand, and only those; what is wrong with a study is said. */
class StandingVotesTest {
    @TempDir Path folder;

    @ParameterizedTest
    @EnumSource
    void anAnswerThatWasTakenBackAndIsSentAgainCounts(TestDatabase database) throws IOException {
        try (TestStudio studio = new TestStudio(folder, database, Clock.systemUTC())) {
            Study study = studio.study(Requests.boats().votes(20).trials(5).raters(4), 4);
            Voter voter = new Voter(studio, study);
            String ticket = Voter.ticket(voter.join());
            String next = Voter.ticket(voter.cast(ticket, "1"));
            voter.undo(next);
            HttpResponse<String> again = voter.cast(ticket, "1");
            assertEquals(200, again.statusCode());
            assertTrue(again.body().contains("2 of 5"), again.body());
            assertEquals(List.of(1), choices(studio, study));
            assertTrue(voter.open().body().contains("2 of 5"));
            // Taking back again, and another answer by the old ticket.
            voter.undo(Voter.ticket(again));
            assertTrue(voter.open().body().contains("1 of 5"));
            voter.cast(ticket, "2");
            assertEquals(List.of(2), choices(studio, study));
            assertEquals(409, voter.cast(ticket, "1").statusCode(), "it has an answer");
        }
    }

    /**
     * A rater who fails every check fills nothing, and others vote until they reach the number,
     * which is above one rater's trials: until the first check nothing tells the rater from others.
     */
    @ParameterizedTest
    @EnumSource
    void votesOfAScreenedRaterCloseNothing(TestDatabase database) throws IOException {
        try (TestStudio studio = new TestStudio(folder, database, Clock.systemUTC())) {
            Study study =
                    studio.study(Requests.boats().votes(13).trials(12).raters(6).checks(3), 4);
            careless(studio, study, 0);
            HttpResponse<String> open = new Voter(studio, study).open();
            assertFalse(open.body().contains("has the votes it needs"), open.body());
            String page = new Voter(studio, study).get("/studies/" + study.id()).body();
            assertTrue(page.contains("<strong>0</strong><span>of 13 votes that count"), page);
            assertTrue(page.contains("12 votes stand; 12 of them"), page);
            new Voter(studio, study).voteAll(study, 1, List.of(0, 1, 2));
            new Voter(studio, study).voteAll(study, 2, List.of(0, 1, 2));
            StudyResult result = ReportFiles.result(studio.store, study, studio.store.rows(study));
            assertTrue(result.complete());
            assertEquals(13, result.towards());
            assertEquals(25, result.counted());
            assertEquals(410, new Voter(studio, study).join().statusCode());
        }
    }

    private static void careless(TestStudio studio, Study study, int slot) {
        Voter voter = new Voter(studio, study);
        HttpResponse<String> page = voter.join();
        for (Trial showing : study.plan().raters().get(slot)) {
            boolean check = showing.role() == Trial.Role.CHECK;
            int wrong = showing.expected() == 1 ? 2 : 1;
            page = voter.cast(Voter.ticket(page), String.valueOf(check ? wrong : 1));
            assertEquals(200, page.statusCode(), page.body());
        }
    }

    private static List<Integer> choices(TestStudio studio, Study study) {
        return StudyStore.standing(studio.store.rows(study)).stream().map(VoteRow::choice).toList();
    }

    @ParameterizedTest
    @EnumSource
    void aCompleteStudyTakesAndTakesBackNothing(TestDatabase database) throws IOException {
        try (TestStudio studio = new TestStudio(folder, database, Clock.systemUTC())) {
            Study study = studio.study(Requests.boats().votes(3).trials(5).raters(4), 4);
            Voter other = new Voter(studio, study);
            String held = Voter.ticket(other.join());
            String second = Voter.ticket(other.cast(held, "1"));
            Voter voter = new Voter(studio, study);
            String ticket = Voter.ticket(voter.cast(Voter.ticket(voter.join()), "1"));
            HttpResponse<String> last = voter.cast(ticket, "1");
            assertTrue(last.body().contains("This study has the votes it needs"), last.body());
            HttpResponse<String> late = other.cast(second, "1");
            assertEquals(410, late.statusCode());
            assertTrue(late.body().contains("What you answered before is saved"), late.body());
            assertEquals(410, other.undo(second).statusCode());
            assertEquals(410, voter.undo(ticket).statusCode());
            HttpResponse<String> again = voter.cast(ticket, "1");
            assertEquals(200, again.statusCode(), "the last vote, sent again, is saved");
            assertEquals(410, voter.cast(ticket, "2").statusCode());
            assertEquals(3, studio.store.rowCount(study));
        }
    }

    @Test
    void rowsOfATrialComeToAnEnd() throws IOException {
        try (TestStudio studio = new TestStudio(folder, TestDatabase.SQLITE, Clock.systemUTC())) {
            Study study = studio.study(Requests.boats().votes(20).trials(5).raters(4), 4);
            Voter voter = new Voter(studio, study);
            String ticket = Voter.ticket(voter.join());
            for (int i = 0; i < 30; i++) {
                HttpResponse<String> next = voter.cast(ticket, "1");
                assertEquals(200, next.statusCode(), next.body());
                voter.undo(Voter.ticket(next));
            }
            assertTrue(studio.store.rowCount(study) < VoteRow.MAX_REVISIONS);
            assertEquals(List.of(1), choices(studio, study), "the answer stands");
        }
    }

    @Test
    void settingTheClockRefusesNoTrialAndIsNoViewingTime() throws IOException {
        SetClock clock = new SetClock();
        try (TestStudio studio = new TestStudio(folder, TestDatabase.SQLITE, clock)) {
            Study study = studio.study(Requests.boats().votes(20).trials(5).raters(4), 4);
            Voter voter = new Voter(studio, study);
            String ticket = Voter.ticket(voter.join());
            clock.move(Duration.ofHours(-2));
            HttpResponse<String> next = voter.cast(ticket, "1");
            assertEquals(200, next.statusCode(), next.body());
            clock.move(Duration.ofHours(6));
            voter.cast(Voter.ticket(next), "1");
            for (VoteRow row : studio.store.rows(study)) {
                assertTrue(row.millis() >= 0 && row.millis() < 600_000, "" + row.millis());
            }
        }
    }

    @Test
    void aMissingPictureIsSaidToVotersAndToTheStudio() throws IOException {
        try (TestStudio studio = new TestStudio(folder, TestDatabase.SQLITE, Clock.systemUTC())) {
            Study study = studio.study(Requests.boats().votes(20).trials(5).raters(4), 4);
            Voter voter = new Voter(studio, study);
            HttpResponse<String> first = voter.join();
            String address = Voter.pictures(first).get(0);
            StudyPlan plan = study.plan();
            Path shown =
                    studio.store
                            .folder(study.id())
                            .resolve(
                                    plan.pictures()
                                            .get(plan.raters().get(0).get(0).pictures().get(0))
                                            .file());
            Path moved = Files.move(shown, folder.resolve("moved.png"));
            assertEquals(503, voter.bytes(address).statusCode());
            HttpResponse<String> page = voter.open();
            assertEquals(503, page.statusCode());
            assertTrue(page.body().contains("A picture is missing"), page.body());
            Files.createDirectory(shown);
            assertEquals(503, voter.bytes(address).statusCode());
            assertEquals(503, voter.open().statusCode());
            String told = new Voter(studio, study).get("/studies/" + study.id()).body();
            assertTrue(told.contains(shown.toString()), told);
            HttpResponse<String> lock =
                    voter.post("/studies/" + study.id() + "/lock", Map.of(), false);
            assertEquals(400, lock.statusCode());
            assertTrue(lock.body().contains("is missing or another"), lock.body());
            Files.delete(shown);
            Files.move(moved, shown);
            assertEquals(200, voter.open().statusCode());
            assertEquals(200, voter.bytes(address).statusCode());
        }
    }

    /** A study of the version before is voted on and reported, and said to be guessable. */
    @Test
    void aPlanOfVersionOneGoesOn() throws IOException {
        try (TestStudio studio = new TestStudio(folder, TestDatabase.SQLITE, Clock.systemUTC())) {
            Study made = studio.study(Requests.boats().votes(5).trials(5).raters(2), 4);
            StudyPlan plan = made.plan();
            StudySettings s = plan.settings();
            StudySettings before =
                    new StudySettings(
                            s.title(),
                            s.introduction(),
                            s.questions(),
                            s.arrangement(),
                            s.ties(),
                            s.references(),
                            s.trials(),
                            s.repeats(),
                            s.checks(),
                            s.training(),
                            s.minMillis(),
                            s.raters(),
                            s.stop(),
                            s.seed(),
                            null);
            StudyPlan old =
                    new StudyPlan(
                            1,
                            "c2FsdA",
                            null,
                            before,
                            plan.methods(),
                            plan.cells(),
                            plan.pictures(),
                            plan.raters());
            String id = StudyStore.newId();
            for (var picture : plan.pictures()) {
                Files.copy(
                        studio.store.folder(made.id()).resolve(picture.file()),
                        studio.store.folder(id).resolve(picture.file()));
            }
            Study study = studio.store.create(id, old);
            String page = new Voter(studio, study).get("/studies/" + id).body();
            assertTrue(page.contains("can guess who sees what"), page);
            new Voter(studio, study).voteAll(study, 0, List.of(1, 0, 2));
            assertTrue(studio.store.lock(id));
            Path report = ReportFiles.freeze(studio.store, id);
            String published = Files.readString(report.resolve("plan.json"));
            assertEquals(study.planHash(), Sha256.of(published), "the text that was hashed");
            assertFalse(published.contains("secret"), published);
        }
    }

    @ParameterizedTest
    @EnumSource
    void controlCharactersInAFormAreOneLine(TestDatabase database) throws IOException {
        try (TestStudio studio = new TestStudio(folder, database, Clock.systemUTC())) {
            Map<String, String> good = new HashMap<>();
            good.put("title", "Boats");
            good.put("introduction", "Look.\r\n\tTwice.");
            good.put("questions", "Better?\r\nNearer?");
            good.put("source", studio.pictures(4, 32).toString());
            Voter admin = new Voter(studio.server.address(), "none");
            for (String field :
                    List.of("title", "introduction", "questions", "source", "styles", "pictures")) {
                for (String control : List.of("\0", "\u0007", "\u009b")) {
                    Map<String, String> form = new HashMap<>(good);
                    form.merge(field, "x" + control + "y", String::concat);
                    HttpResponse<String> refused = admin.post("/studies", form, false);
                    assertEquals(400, refused.statusCode(), field + refused.body());
                    // NUL is refused in every form, before a study's own look at it.
                    String told = control.equals("\0") ? " holds a NUL" : " has the control";
                    assertTrue(
                            refused.body().contains("the field " + field + told), refused.body());
                }
            }
            assertEquals(400, admin.get("/studies/a%00b").statusCode());
            assertEquals(400, admin.get("/vote/a%00b").statusCode());
            // The server may close a connection that sent such an address, so another one is used.
            Voter anew = new Voter(studio.server.address(), "none");
            assertEquals(400, anew.post("/studies/new", Map.of("id", "\0"), false).statusCode());
            assertEquals(303, anew.post("/studies", good, false).statusCode());
        }
    }
}
