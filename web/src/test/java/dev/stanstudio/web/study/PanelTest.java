package dev.stanstudio.web.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.web.CommandLines;
import dev.stanstudio.web.study.result.ReportFiles;
import dev.stanstudio.web.study.store.Panel;
import dev.stanstudio.web.study.store.PanelRater;
import dev.stanstudio.web.study.store.PanelRater.State;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.testing.Requests;
import dev.stanstudio.web.testing.SetClock;
import dev.stanstudio.web.testing.TestDatabase;
import dev.stanstudio.web.testing.TestStudio;
import dev.stanstudio.web.testing.Voter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A panel sends voters with its ids, over real HTTP. */
class PanelTest {
    private static final String ID = "5f1c9a0b2d3e4f5a6b7c8d9e";
    private static final Panel PROLIFIC =
            new Panel(
                    "PROLIFIC_PID",
                    "https://app.prolific.example/complete?cc=C0DE&who={id}",
                    "TOO-LATE");

    @TempDir Path folder;
    private final SetClock clock = new SetClock();

    private static Study study(TestStudio studio, int votes, int raters) throws IOException {
        Study study =
                studio.study(
                        Requests.boats()
                                .votes(votes)
                                .trials(3)
                                .raters(raters)
                                .admission(Requests.EVERYBODY),
                        4);
        studio.store.panels().set(study, PROLIFIC);
        return study;
    }

    private static HttpResponse<String> open(Voter voter, Study study, String id) {
        return voter.get("/vote/%s?PROLIFIC_PID=%s&STUDY_ID=x".formatted(study.link(), id));
    }

    /** Joins as the consent page's form does. */
    private static HttpResponse<String> join(Voter voter, Study study, String id) {
        HttpResponse<String> answer =
                voter.post("/vote/" + study.link() + "/join", Map.of("panel", id), false);
        return answer.statusCode() == 303 ? voter.open() : answer;
    }

    private static HttpResponse<String> voteAll(Voter voter, HttpResponse<String> page) {
        HttpResponse<String> now = page;
        for (int i = 0; i < 3; i++) {
            now = voter.cast(Voter.ticket(now), "1");
            assertEquals(200, now.statusCode(), now.body());
        }
        return now;
    }

    private static List<State> states(TestStudio studio, Study study) {
        return studio.store.panels().raters(study).stream().map(PanelRater::state).toList();
    }

    @ParameterizedTest
    @EnumSource
    void aVoterOfThePanelReturnsWithItsCode(TestDatabase database) throws IOException {
        try (TestStudio studio = new TestStudio(folder, database, clock)) {
            Study study = study(studio, 500, 4);
            Voter voter = new Voter(studio, study);
            String consent = open(voter, study, ID).body();
            assertTrue(consent.contains("name=\"panel\" value=\"" + ID + "\""), consent);
            assertTrue(consent.contains("stored apart from your answers"), consent);
            assertTrue(consent.contains("?PROLIFIC_PID=" + ID), "the menu of languages keeps it");
            HttpResponse<String> page = join(voter, study, ID);
            String second = voter.cast(Voter.ticket(page), "1").body();
            assertEquals(List.of(State.INCOMPLETE), states(studio, study));

            // The same browser goes on after a week, with the link or without.
            clock.move(Duration.ofDays(7));
            assertTrue(open(voter, study, ID).body().contains("name=\"ticket\""));
            voter.cast(Voter.ticket(second), "1");
            String thanks = voter.cast(Voter.ticket(voter.open()), "2").body();
            assertTrue(
                    thanks.contains("https://app.prolific.example/complete?cc=C0DE&amp;who=" + ID),
                    thanks);
            PanelRater listed = studio.store.panels().raters(study).get(0);
            assertEquals(ID, listed.id());
            assertEquals(State.COMPLETED, listed.state());
            assertEquals(3, listed.answers());
        }
    }

    @ParameterizedTest
    @EnumSource
    void theSameIdTakesPartOnce(TestDatabase database) throws IOException {
        try (TestStudio studio = new TestStudio(folder, database, clock)) {
            Study study = study(studio, 500, 4);
            join(new Voter(studio, study), study, ID);
            HttpResponse<String> again = join(new Voter(studio, study), study, ID);
            assertEquals(409, again.statusCode());
            assertTrue(again.body().contains("takes part already or did"), again.body());
            assertEquals(1, studio.store.raterCount(study), "and no place is taken for it");
            assertEquals(200, join(new Voter(studio, study), study, "other").statusCode());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "%7B%7B%25PROLIFIC_PID%25%7D%7D", "a%20b", "%3Cscript%3E"})
    void aLinkWithoutAnIdIsExplained(String id) throws IOException {
        try (TestStudio studio = new TestStudio(folder, TestDatabase.SQLITE, clock)) {
            Study study = study(studio, 500, 4);
            Voter voter = new Voter(studio, study);
            String consent = open(voter, study, id).body();
            assertTrue(consent.contains("open the link that your panel gave you"), consent);
            assertFalse(consent.contains("/join"), "there is nothing to press");
            HttpResponse<String> refused = join(voter, study, id);
            assertEquals(403, refused.statusCode());
            assertTrue(refused.body().contains("which carries your id"), refused.body());
            assertEquals(0, studio.store.raterCount(study));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPlaceThatWasLostCanBeTakenAgainWithTheSameId(TestDatabase database) throws IOException {
        try (TestStudio studio = new TestStudio(folder, database, clock)) {
            Study study = study(studio, 500, 1);
            Voter idle = new Voter(studio, study);
            String ticket = Voter.ticket(join(idle, study, ID));
            clock.move(Duration.ofMinutes(11));
            Voter other = new Voter(studio, study);
            join(other, study, "other");
            assertEquals(List.of(State.INCOMPLETE, State.INCOMPLETE), states(studio, study));
            HttpResponse<String> full = idle.cast(ticket, "1");
            assertEquals(410, full.statusCode());
            assertTrue(full.body().contains("TOO-LATE"), full.body());

            clock.move(Duration.ofMinutes(11));
            HttpResponse<String> page = idle.cast(ticket, "1");
            assertTrue(voteAll(idle, page).body().contains("who=" + ID), "known by the cookie");
            assertEquals(2, studio.store.panels().raters(study).size(), "one line for each id");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoComesTooLateIsTurnedAway(TestDatabase database) throws IOException {
        try (TestStudio studio = new TestStudio(folder, database, clock)) {
            Study study = study(studio, 3, 2);
            Voter first = new Voter(studio, study);
            voteAll(first, join(first, study, ID));
            HttpResponse<String> late = open(new Voter(studio, study), study, "late");
            assertTrue(late.body().contains("TOO-LATE"), late.body());
            assertTrue(open(first, study, ID).body().contains("who=" + ID), "not who completed");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoWithdrawsIsNeitherForgottenNorTakenTwice(TestDatabase database) throws IOException {
        try (TestStudio studio = new TestStudio(folder, database, clock)) {
            Study study = study(studio, 500, 4);
            Voter voter = new Voter(studio, study);
            voter.cast(Voter.ticket(join(voter, study, ID)), "1");
            String rater =
                    studio.studio
                            .database()
                            .jdbi()
                            .withHandle(
                                    h ->
                                            h.createQuery("SELECT id FROM rater")
                                                    .mapTo(String.class)
                                                    .one());
            studio.store.withdraw(study, rater);
            assertEquals(List.of(State.WITHDREW), states(studio, study));
            assertEquals(409, join(new Voter(studio, study), study, ID).statusCode());
        }
    }

    /** Commands show the list; ids are in no file of the report, and go when they are paid. */
    @Test
    void idsArePaidAndForgotten() throws IOException {
        String url = TestDatabase.SQLITE.newUrl(folder);
        try (TestStudio studio = new TestStudio(folder, url, clock, "")) {
            Study study = study(studio, 3, 2);
            Voter voter = new Voter(studio, study);
            voteAll(voter, join(voter, study, ID));
            assertThrows(
                    IllegalStateException.class,
                    () -> studio(url, "study", "payments", study.id(), "--forget"));
            studio.store.lock(study.id());
            Path report = ReportFiles.freeze(studio.store, study.id());
            try (Stream<Path> files = Files.list(report)) {
                for (Path file : files.toList()) {
                    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                    assertFalse(text.contains(ID) || text.contains("C0DE"), file.toString());
                }
            }
            String list = studio(url, "study", "payments", study.id(), "--forget");
            assertTrue(list.startsWith("id,state,answers,trials,joined,last,minutes\n"), list);
            assertTrue(list.contains(ID + ",completed,3,3,"), list);
            assertTrue(list.contains("1 ids deleted"), list);
            assertEquals(List.of(), studio.store.panels().raters(study));
        }
    }

    private static String studio(String url, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> all = Stream.concat(Stream.of(arguments), Stream.of("--db", url)).toList();
        if (CommandLines.run(new PrintWriter(out), new PrintWriter(err), all) != 0) {
            throw new IllegalStateException(err.toString());
        }
        return out.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://plain.example/x", "https://", "two words", "<b>", ""})
    void codesAndAddressesThatNoPanelHasAreRefused(String completed) {
        ArgumentException refused =
                assertThrows(
                        ArgumentException.class, () -> new Panel("PROLIFIC_PID", completed, ""));
        assertTrue(refused.getMessage().contains("https://"), refused.getMessage());
        assertThrows(ArgumentException.class, () -> new Panel("invitation", "C0DE", ""));
    }
}
