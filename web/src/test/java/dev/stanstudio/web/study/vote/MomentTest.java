package dev.stanstudio.web.study.vote;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stanstudio.web.study.store.VoteRow;
import org.junit.jupiter.api.Test;

/** Viewing times under clocks that are set and servers that are started again. */
class MomentTest {
    private static final Moment SHOWN = new Moment(1_000_000, 500, "p");

    @Test
    void aProcessMeasuresByItsTicks() {
        assertEquals(700, SHOWN.until(new Moment(1_000_700, 1200, "p")));
        assertEquals(700, SHOWN.until(new Moment(10, 1200, "p")), "set back");
        assertEquals(700, SHOWN.until(new Moment(90_000_000, 1200, "p")), "set forward");
    }

    @Test
    void anotherProcessMeasuresByTheTimeOfDay() {
        assertEquals(700, SHOWN.until(new Moment(1_000_700, 0, "q")));
        assertEquals(VoteRow.UNKNOWN_MILLIS, SHOWN.until(new Moment(999_999, 0, "q")));
        assertEquals(
                VoteRow.UNKNOWN_MILLIS,
                SHOWN.until(new Moment(1_000_001 + Moment.LONGEST_MILLIS, 0, "q")));
        Moment ofBefore = new Moment(1_000_000, 0, "");
        assertEquals(700, ofBefore.until(new Moment(1_000_700, 0, "")), "a ticket of before");
    }

    @Test
    void whoeverWasAwayHasNoViewingTime() {
        assertEquals(
                VoteRow.UNKNOWN_MILLIS,
                SHOWN.until(new Moment(0, 501 + Moment.LONGEST_MILLIS, "p")));
    }
}
