package dev.stanstudio.web.study.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.web.study.store.RaterGroups;
import dev.stanstudio.web.study.store.VoteRow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests which rows count, in the order in which they were committed. */
class ReplayTest {
    private static FixedPlan study(int checks, int votes) {
        return new FixedPlan(List.of("A", "B"), List.of("", "", "", ""), 4, checks, votes);
    }

    private static Replay replay(FixedPlan study, List<VoteRow> rows, Counting counting) {
        return Replay.of(study.plan, rows, RaterGroups.of(study.plan, rows), counting);
    }

    private static Replay replay(FixedPlan study) {
        return replay(study, study.rows(), Counting.PASSING);
    }

    private static List<Integer> choices(Replay replay) {
        return replay.ballots().stream().map(Ballot::choice).toList();
    }

    /** One in 10,000 misses two checks by lapses, and a rater's part of 2 % is as much. */
    @ParameterizedTest
    @CsvSource({"200, true", "201, false"})
    void twoOfTwoMissedChecksAreEnoughForTwoHundredRaters(int raters, boolean leftOut) {
        FixedPlan study =
                new FixedPlan(List.of("A", "B"), List.of("", "", "", ""), raters, 2, 1000);
        study.answer(0, 1, 2, 1, 2, 2, 2);
        assertEquals(leftOut, !Screening.passesAlone(study.plan, study.ballots()));
    }

    @Test
    void theMedianOfAnEvenNumberOfViewingTimesLiesBetweenTheMiddleTwo() {
        FixedPlan study = study(0, 10);
        List<VoteRow> rows = new ArrayList<>();
        long[] viewed = {9000, 1000, VoteRow.UNKNOWN_MILLIS, 2000};
        for (int position = 0; position < viewed.length; position++) {
            rows.add(new VoteRow(position, 0, position, 0, 1, viewed[position], position));
        }
        assertEquals(5000, median(study, rows.subList(0, 2)));
        assertEquals(2000, median(study, rows));
        // Nobody knows how long the third was looked at: a dash on the page, not 0 seconds.
        assertEquals(Double.NaN, median(study, rows.subList(2, 3)));
    }

    private static double median(FixedPlan study, List<VoteRow> rows) {
        List<Ballot> ballots = rows.stream().map(row -> Ballot.of(study.plan, row)).toList();
        return Screening.of(study.plan, ballots, RaterGroups.of(study.plan, rows))
                .get(0)
                .medianMillis();
    }

    @Test
    void rowsCountInTheOrderOfTheirCommits() {
        FixedPlan study = study(0, 3);
        study.add(0, 0, 0, 1);
        study.add(1, 0, 0, 2);
        study.add(0, 1, 0, 2);
        study.add(1, 1, 0, 1);
        List<VoteRow> reversed = new ArrayList<>(study.rows());
        Collections.reverse(reversed);
        Replay replay = replay(study, reversed, Counting.PASSING);
        assertTrue(replay.complete());
        assertEquals(List.of(1L, 2L, 3L), replay.ballots().stream().map(Ballot::seq).toList());
    }

    @Test
    void nothingCountsAfterTheLastVote() {
        FixedPlan study = study(0, 2);
        study.answer(0, 1, 2);
        study.add(0, 1, 1, VoteRow.UNDONE);
        study.answer(1, 1, 2);
        Replay replay = replay(study);
        assertEquals(2, replay.votes());
        assertEquals(List.of(1, 2), choices(replay));
        assertTrue(replay.state().complete());
    }

    @Test
    void anAnswerThatIsTakenBackCountsWhenItIsGivenAgain() {
        FixedPlan study = study(0, 10);
        study.add(0, 0, 0, 1);
        study.add(0, 0, 1, VoteRow.UNDONE);
        assertEquals(List.of(), choices(replay(study)));
        assertEquals(0, replay(study).votes());
        study.add(0, 0, 2, 2);
        assertEquals(List.of(2), choices(replay(study)));
        assertEquals(1, replay(study).votes());
    }

    @Test
    void anEarlierRevisionThatIsCommittedLaterDoesNotCount() {
        FixedPlan study = study(0, 10);
        study.add(0, 0, 2, 2);
        study.add(0, 0, 0, 1);
        assertEquals(List.of(2), choices(replay(study)));
    }

    @Test
    void aRaterWhoAnsweredEverythingChangesNothingMore() {
        FixedPlan study = study(0, 10);
        study.answer(0, 1, 2, 1, 2);
        study.add(0, 3, 1, VoteRow.UNDONE);
        study.add(0, 3, 2, 1);
        assertEquals(List.of(1, 2, 1, 2), choices(replay(study)));
    }

    @Test
    void theMissingRowsAreThoseToTheNumber() {
        FixedPlan study = study(0, 5);
        study.answer(0, 1, 2, 1);
        Replay replay = replay(study);
        assertFalse(replay.complete());
        assertEquals(new StoppingState(false, 2), replay.state());
    }

    @Test
    void votesOfARaterWhoMissesTheChecksEndNoStudy() {
        FixedPlan study = study(2, 6);
        study.answer(0, 1, 2, 1, 2, 2, 2);
        study.answer(1, 1, 2);
        Replay passing = replay(study);
        assertFalse(passing.complete());
        assertEquals(2, passing.votes());
        assertTrue(replay(study, study.rows(), Counting.EVERYBODY).complete());
    }
}
