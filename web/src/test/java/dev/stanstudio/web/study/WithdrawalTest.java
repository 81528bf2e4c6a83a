package dev.stanstudio.web.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.web.study.plan.Admission;
import dev.stanstudio.web.study.result.Evaluation;
import dev.stanstudio.web.study.result.ReportFiles;
import dev.stanstudio.web.study.result.StudyResult;
import dev.stanstudio.web.study.store.InvitationCount;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.study.store.StudyStore;
import dev.stanstudio.web.testing.Requests;
import dev.stanstudio.web.testing.SetClock;
import dev.stanstudio.web.testing.TestDatabase;
import dev.stanstudio.web.testing.TestStudio;
import dev.stanstudio.web.testing.Voter;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Voters who delete their answers, over real HTTP. */
class WithdrawalTest {
    @TempDir Path folder;
    private final SetClock clock = new SetClock();

    private TestStudio studio(TestDatabase database) {
        return new TestStudio(folder, database, clock);
    }

    private static Study study(TestStudio studio, int votes, int raters) throws IOException {
        return studio.study(
                Requests.boats()
                        .votes(votes)
                        .trials(5)
                        .raters(raters)
                        .admission(Requests.EVERYBODY),
                4);
    }

    /** Returns the personal link, to which the foot of each page leads. */
    private static String link(Voter voter, Study study) {
        String foot = "/vote/" + study.link() + "/withdraw";
        assertTrue(voter.open().body().contains("href=\"" + foot + "\""));
        HttpResponse<String> led = voter.get(foot);
        assertEquals(303, led.statusCode());
        return led.headers().firstValue("Location").orElseThrow().replaceFirst("^https?://[^/]+", "");
    }

    private static HttpResponse<String> delete(Voter voter, String link) {
        HttpResponse<String> answer = voter.post(link, Map.of(), false);
        assertEquals(303, answer.statusCode(), answer.body());
        return voter.get(link);
    }

    private static List<Map<String, Object>> table(TestStudio studio, String name) {
        return studio.studio
                .database()
                .jdbi()
                .withHandle(h -> h.createQuery("SELECT * FROM " + name).mapToMap().list());
    }

    @ParameterizedTest
    @EnumSource
    void answersAreDeletedAndThePlaceIsFree(TestDatabase database) throws IOException {
        try (TestStudio studio = studio(database)) {
            Study study = study(studio, 500, 2);
            Voter leaving = new Voter(studio, study);
            String first = Voter.ticket(leaving.join());
            HttpResponse<String> second = leaving.cast(first, "1");
            String open = Voter.ticket(second);
            Voter staying = new Voter(studio, study);
            staying.cast(Voter.ticket(staying.join()), "2");
            Voter late = new Voter(studio, study);
            assertEquals(410, late.join().statusCode(), "both places are taken");

            String link = link(leaving, study);
            String asked = new Voter(studio, study).get(link).body();
            assertTrue(asked.contains("Delete your answers?"), asked);
            assertTrue(asked.contains("Your answer is deleted"), asked);
            assertEquals(2, studio.store.rowCount(study), "asking deletes nothing");

            // The link works on any device.
            String done = delete(new Voter(studio, study), link).body();
            assertTrue(done.contains("Your answers are deleted"), done);
            assertEquals(1, studio.store.rowCount(study));
            assertEquals(1, StudyStore.standing(studio.store.rows(study)).size());
            assertEquals(1, Evaluation.of(study, studio.store.rows(study)).counted());
            assertEquals(1, studio.store.raterCount(study));
            assertEquals(1, studio.store.withdrawnCount(study));

            // Nothing of before is taken any more.
            for (HttpResponse<String> refused :
                    List.of(
                            leaving.cast(first, "1"),
                            leaving.cast(open, "2"),
                            leaving.undo(open),
                            leaving.join())) {
                assertEquals(410, refused.statusCode(), refused.body());
                assertTrue(refused.body().contains("you deleted your answers"), refused.body());
            }
            assertTrue(leaving.open().body().contains("Your answers are deleted"));
            assertTrue(delete(leaving, link).body().contains("Your answers are deleted"));
            assertEquals(1, studio.store.rowCount(study));

            // Another voter gets the same row of the plan, with addresses of its own.
            late.cast(Voter.ticket(late.join()), "1");
            assertEquals(
                    List.of(0, 1),
                    studio.store.rows(study).stream().map(row -> row.slot()).sorted().toList());
            assertEquals(1, studio.store.withdrawnCount(study));
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsKeptButANote(TestDatabase database) throws IOException {
        try (TestStudio studio = studio(database)) {
            Study study =
                    studio.study(
                            Requests.boats()
                                    .votes(500)
                                    .trials(5)
                                    .raters(3)
                                    .admission(Admission.DEFAULT.withInvitedOnly(true)),
                            4);
            String token = studio.store.invite(study, 3).get(0);
            Voter voter = new Voter(studio, study);
            voter.cast(Voter.ticket(voter.join(token)), "1");
            Map<String, Object> rater = table(studio, "rater").get(0);
            delete(voter, link(voter, study));

            assertEquals(List.of(), table(studio, "rater"));
            assertEquals(List.of(), table(studio, "vote"));
            List<Map<String, Object>> notes = table(studio, "withdrawn_rater");
            assertEquals(1, notes.size());
            assertEquals(4, notes.get(0).size(), notes.toString());
            String invitations = table(studio, "study_invitation").toString();
            assertFalse(invitations.contains(String.valueOf(rater.get("id"))), invitations);
            String all = notes + invitations;
            assertFalse(all.contains(String.valueOf(rater.get("address_hash"))), all);
            assertFalse(all.contains(String.valueOf(rater.get("device_hash"))), all);

            // The link for one use stays used, and its place can be given to another.
            assertEquals(410, new Voter(studio, study).join(token).statusCode());
            InvitationCount count = studio.store.invited(study);
            assertEquals(3, count.made());
            assertEquals(1, count.used());
            String another = studio.store.invite(study, 1).get(0);
            assertEquals(200, new Voter(studio, study).join(another).statusCode());
        }
    }

    /** A study that had all its votes is open again until somebody else has given them. */
    @Test
    void votesOfWithdrawnVotersDoNotEndAStudy() throws IOException {
        try (TestStudio studio = studio(TestDatabase.SQLITE)) {
            Study study = study(studio, 10, 6);
            Voter leaving = new Voter(studio, study);
            leaving.voteAll(study, 0, List.of(1, 0, 2));
            String thanks = leaving.open().body();
            assertTrue(thanks.contains("this personal link deletes your answers"), thanks);
            String link = link(leaving, study);
            assertTrue(thanks.contains("href=\"" + link + "\""), thanks);
            new Voter(studio, study).voteAll(study, 1, List.of(1, 0, 2));
            Voter late = new Voter(studio, study);
            assertTrue(late.open().body().contains("This study is closed"));

            delete(leaving, link);
            assertFalse(Evaluation.of(study, studio.store.rows(study)).complete());
            late.voteAll(study, 0, List.of(0, 1, 2));
            StudyResult result = Evaluation.of(study, studio.store.rows(study));
            assertTrue(result.complete());
            assertEquals(10, result.counted());
            assertTrue(studio.store.lock(study.id()));
            Path report = ReportFiles.freeze(studio.store, study.id());
            assertEquals(11, Files.readAllLines(report.resolve("votes.csv")).size());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aLockedStudyKeepsItsVotesAndSaysSo(TestDatabase database) throws IOException {
        try (TestStudio studio = studio(database)) {
            Study study = study(studio, 500, 3);
            Voter voter = new Voter(studio, study);
            voter.cast(Voter.ticket(voter.join()), "1");
            String link = link(voter, study);
            assertTrue(studio.store.lock(study.id()));
            String said = delete(voter, link).body();
            assertTrue(said.contains("can no longer be taken out"), said);
            assertTrue(said.contains("turn to whoever sent you the link"), said);
            assertFalse(said.contains("<form"), said);
            assertEquals(1, studio.store.rowCount(study));
            assertEquals(0, studio.store.withdrawnCount(study));
            assertFalse(voter.open().body().contains("/withdraw"), "no promise that is not kept");
        }
    }

    @Test
    void linksOfOthersCannotBeGuessed() throws IOException {
        try (TestStudio studio = studio(TestDatabase.SQLITE)) {
            Study study = study(studio, 500, 3);
            Voter voter = new Voter(studio, study);
            voter.cast(Voter.ticket(voter.join()), "1");
            String link = link(voter, study);
            Study other = study(studio, 500, 3);
            Voter stranger = new Voter(studio, study);
            String id = String.valueOf(table(studio, "rater").get(0).get("id"));
            for (String forged :
                    List.of(
                            link.substring(0, link.length() - 1),
                            link.replace(id, "AAAAAAAAAAAA"),
                            "/vote/" + study.link() + "/withdraw/" + id,
                            "/vote/" + study.link() + "/withdraw/~",
                            link.replace(study.link(), other.link()))) {
                assertEquals(404, stranger.get(forged).statusCode(), forged);
                assertEquals(404, stranger.post(forged, Map.of(), false).statusCode(), forged);
            }
            // Whoever takes no part is led to the study itself.
            HttpResponse<String> led = stranger.get("/vote/" + study.link() + "/withdraw");
            assertTrue(
                    led.headers().firstValue("Location").orElseThrow().endsWith(study.link()));
            // Neither another site nor a link in a mail deletes anything by being loaded.
            HttpResponse<String> foreign =
                    voter.send(
                            voter.request(link)
                                    .header("Sec-Fetch-Site", "cross-site")
                                    .POST(java.net.http.HttpRequest.BodyPublishers.noBody())
                                    .build());
            assertEquals(403, foreign.statusCode());
            assertEquals(1, studio.store.rowCount(study));
        }
    }

    /** Votes that are being written while the rater withdraws are deleted or refused. */
    @ParameterizedTest
    @EnumSource
    void votesAtTheSameMomentLeaveNothing(TestDatabase database) throws Exception {
        try (TestStudio studio = studio(database)) {
            Study study = study(studio, 5000, 20);
            ExecutorService pool = Executors.newFixedThreadPool(8);
            List<Callable<Integer>> requests = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                Voter voter = new Voter(studio, study);
                String ticket = Voter.ticket(voter.join());
                String link = link(voter, study);
                requests.add(() -> voter.cast(ticket, "1").statusCode());
                requests.add(() -> voter.post(link, Map.of(), false).statusCode());
            }
            for (Future<Integer> answer : pool.invokeAll(requests)) {
                assertTrue(List.of(200, 303, 410).contains(answer.get()), "" + answer.get());
            }
            pool.shutdown();
            assertEquals(0, studio.store.rowCount(study));
            assertEquals(0, studio.store.raterCount(study));
            assertEquals(12, studio.store.withdrawnCount(study));
        }
    }
}
