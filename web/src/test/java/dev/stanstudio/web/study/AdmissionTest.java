package dev.stanstudio.web.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.web.study.plan.Admission;
import dev.stanstudio.web.study.result.Evaluation;
import dev.stanstudio.web.study.result.StudyResult;
import dev.stanstudio.web.study.store.RaterGroups;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.study.store.StudyStore;
import dev.stanstudio.web.testing.Requests;
import dev.stanstudio.web.testing.SetClock;
import dev.stanstudio.web.testing.TestDatabase;
import dev.stanstudio.web.testing.TestStudio;
import dev.stanstudio.web.testing.Voter;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Places in a study, and the votes that count, over real HTTP. */
class AdmissionTest {
    @TempDir Path folder;
    private final SetClock clock = new SetClock();

    private static Study study(TestStudio studio, int raters, Admission admission)
            throws IOException {
        return studio.study(
                Requests.boats().votes(500).trials(5).raters(raters).admission(admission), 4);
    }

    @Test
    void settingTheClockBackHoldsNoPlace() throws IOException {
        try (TestStudio studio = new TestStudio(folder, TestDatabase.SQLITE, clock)) {
            Study study = study(studio, 1, Admission.DEFAULT);
            Voter.from("10.0.0.1", studio, study).join();
            Voter second = Voter.from("10.0.0.2", studio, study);
            clock.move(Duration.ofMinutes(-1));
            assertEquals(410, second.join().statusCode(), "a small change takes no place away");
            clock.move(Duration.ofDays(-1));
            assertEquals(200, second.join().statusCode());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPlaceWithoutAnswersGoesToAnotherAndNothingIsLost(TestDatabase database)
            throws IOException {
        try (TestStudio studio = new TestStudio(folder, database, clock)) {
            Study study = study(studio, 2, Admission.DEFAULT);
            Voter first = Voter.from("10.0.0.1", studio, study);
            String ticket = Voter.ticket(first.join());
            Voter second = Voter.from("10.0.0.2", studio, study);
            second.cast(Voter.ticket(second.join()), "1");
            Voter third = Voter.from("10.0.0.3", studio, study);
            assertEquals(410, third.join().statusCode());

            clock.move(Duration.ofMinutes(11));
            HttpResponse<String> page = third.join();
            assertEquals(200, page.statusCode(), page.body());
            // The first has no place any more, and there is none without an answer of long ago.
            HttpResponse<String> late = first.cast(ticket, "1");
            assertEquals(410, late.statusCode(), late.body());
            assertTrue(late.body().contains("all the voters it planned for"), late.body());
            assertTrue(first.open().body().contains("your place went to somebody else"));

            clock.move(Duration.ofMinutes(11));
            HttpResponse<String> again = first.cast(ticket, "1");
            assertEquals(200, again.statusCode(), again.body());
            assertTrue(again.body().contains("This is a new one"), again.body());
            first.cast(Voter.ticket(again), "2");
            assertTrue(first.open().body().contains("2 of 5"));
            assertTrue(third.open().body().contains("your place went to somebody else"));
            assertEquals(2, StudyStore.standing(studio.store.rows(study)).size());
            assertEquals(2, studio.store.raterCount(study));
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneAddressCannotFillAStudy(TestDatabase database) throws IOException {
        try (TestStudio studio = new TestStudio(folder, database, clock)) {
            Study study = study(studio, 6, new Admission(false, 5, 100, 10));
            for (int i = 0; i < 6; i++) {
                assertEquals(200, Voter.from("10.0.0.1", studio, study).join().statusCode());
            }
            assertEquals(410, Voter.from("10.0.0.1", studio, study).join().statusCode());
            for (int i = 2; i < 5; i++) {
                Voter other = Voter.from("10.0.0." + i, studio, study);
                HttpResponse<String> page = other.join();
                assertEquals(200, page.statusCode(), page.body());
                other.cast(Voter.ticket(page), "1");
            }
            assertEquals(3, studio.store.rowCount(study));
        }
    }

    @Test
    void fewJoinAMinuteFromOneAddressAndNoAddressIsStored() throws IOException {
        try (TestStudio studio = new TestStudio(folder, TestDatabase.SQLITE, clock)) {
            Study study = study(studio, 40, Admission.DEFAULT);
            for (int i = 0; i < 10; i++) {
                assertEquals(200, Voter.from("10.0.0.1", studio, study).join().statusCode());
            }
            HttpResponse<String> refused = Voter.from("10.0.0.1", studio, study).join();
            assertEquals(429, refused.statusCode());
            assertTrue(refused.body().contains("wait a minute"), refused.body());
            assertEquals(200, Voter.from("10.0.0.2", studio, study).join().statusCode());
            clock.move(Duration.ofSeconds(61));
            assertEquals(200, Voter.from("10.0.0.1", studio, study).join().statusCode());
            List<Map<String, Object>> rows =
                    studio.studio
                            .database()
                            .jdbi()
                            .withHandle(
                                    h -> h.createQuery("SELECT * FROM rater").mapToMap().list());
            assertEquals(12, rows.size());
            assertFalse(rows.toString().contains("10.0.0."), rows.toString());
            assertEquals(2, rows.stream().map(row -> row.get("address_hash")).distinct().count());
        }
    }

    @ParameterizedTest
    @EnumSource
    void anInvitationAdmitsOne(TestDatabase database) throws Exception {
        try (TestStudio studio = new TestStudio(folder, database, clock)) {
            Study study = study(studio, 4, Admission.DEFAULT.withInvitedOnly(true));
            HttpResponse<String> made =
                    new Voter(studio, study)
                            .post(
                                    "/studies/" + study.id() + "/invitations",
                                    Map.of("count", "3", "as", "csv"),
                                    false);
            assertEquals(200, made.statusCode(), made.body());
            List<String> lines = made.body().lines().toList();
            assertEquals(4, lines.size());
            String token = lines.get(1).substring(lines.get(1).indexOf('=') + 1);
            assertTrue(lines.get(1).contains("/vote/" + study.link() + "?invitation="));
            String stored =
                    studio.studio
                            .database()
                            .jdbi()
                            .withHandle(
                                    h ->
                                            h.createQuery("SELECT * FROM study_invitation")
                                                    .mapToMap()
                                                    .list()
                                                    .toString());
            assertFalse(stored.contains(token), "tokens are not stored");

            assertTrue(new Voter(studio, study).open().body().contains("by invitation"));
            assertEquals(403, new Voter(studio, study).join().statusCode());
            assertEquals(403, new Voter(studio, study).join("made-up").statusCode());
            ExecutorService pool = Executors.newFixedThreadPool(6);
            List<Future<Integer>> answers =
                    pool.invokeAll(
                            IntStream.range(0, 6)
                                    .<Callable<Integer>>mapToObj(
                                            i ->
                                                    () ->
                                                            new Voter(studio, study)
                                                                    .join(token)
                                                                    .statusCode())
                                    .toList());
            pool.shutdown();
            int admitted = 0;
            for (Future<Integer> answer : answers) {
                admitted += answer.get() == 200 ? 1 : 0;
            }
            assertEquals(1, admitted);
            assertEquals(410, new Voter(studio, study).join(token).statusCode());
            assertEquals(1, studio.store.raterCount(study));
            assertEquals(
                    400,
                    new Voter(studio, study)
                            .post(
                                    "/studies/" + study.id() + "/invitations",
                                    Map.of("count", "2"),
                                    false)
                            .statusCode(),
                    "one place is left");
        }
    }

    /** Beside the open link, invitations keep their places, also after a time without answers. */
    @Test
    void invitationsKeepTheirPlaces() throws IOException {
        try (TestStudio studio = new TestStudio(folder, TestDatabase.SQLITE, clock)) {
            Study study = study(studio, 3, Admission.DEFAULT);
            String token = studio.store.invite(study, 1).get(0);
            Voter one = Voter.from("10.0.0.1", studio, study);
            one.cast(Voter.ticket(one.join()), "1");
            Voter two = Voter.from("10.0.0.2", studio, study);
            two.cast(Voter.ticket(two.join()), "1");
            assertEquals(410, Voter.from("10.0.0.3", studio, study).join().statusCode());
            Voter invited = Voter.from("10.0.0.4", studio, study);
            HttpResponse<String> consent =
                    invited.get("/vote/" + study.link() + "?invitation=" + token);
            assertTrue(consent.body().contains("value=\"" + token + "\""), consent.body());
            String ticket = Voter.ticket(invited.join(token));
            clock.move(Duration.ofHours(1));
            assertEquals(410, Voter.from("10.0.0.3", studio, study).join().statusCode());
            assertEquals(200, invited.cast(ticket, "1").statusCode());
        }
    }

    @Test
    void ofOneAddressTheFirstCountAndTheGroupIsShown() throws IOException {
        try (TestStudio studio = new TestStudio(folder, TestDatabase.SQLITE, clock)) {
            Study study =
                    studio.study(
                            Requests.boats()
                                    .votes(60)
                                    .trials(12)
                                    .raters(12)
                                    .admission(new Admission(false, 2, 100, 10)),
                            4);
            for (int i = 0; i < 5; i++) {
                Voter.from("2001:db8:0:1::" + i, studio, study).voteAll(study, i, List.of(0, 1, 2));
            }
            Voter.from("2001:db8:0:2::1", studio, study).voteAll(study, 5, List.of(1, 0, 2));
            StudyResult result = Evaluation.of(study, studio.store.rows(study));
            assertEquals(36, result.counted(), "votes of three raters");
            assertFalse(result.complete());
            assertEquals(
                    List.of("R3", "R4", "R5"),
                    result.excluded().stream().map(rater -> rater.name()).toList());
            assertEquals(
                    "rater 3 of one network address, of which 2 count",
                    result.excluded().get(0).reasons().get(0));
            RaterGroups groups = RaterGroups.of(study.plan(), studio.store.rows(study));
            assertEquals(1, groups.groups().size());
            RaterGroups.Group group = groups.groups().get(0);
            assertEquals(List.of(0, 1, 2, 3, 4), group.slots());
            assertEquals(List.of(2, 3, 4), group.leftOut());
            assertEquals(1, group.browsers());
            assertEquals(5, group.alike());
            String page = new Voter(studio, study).get("/studies/" + study.id()).body();
            assertTrue(page.contains("left out: R3, R4, R5"), page);
        }
    }
}
