package dev.stanstudio.web.study.vote;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Tests viewing times under clocks that are set and servers that are started again. */
class MomentTest {
    private static final Optional<Duration> VIEWED = Optional.of(Duration.ofMillis(700));
    private static final Moment SHOWN = moment(1_000_000, 500, "p");

    private static Moment moment(long time, long ticks, String process) {
        return new Moment(Instant.ofEpochMilli(time), Duration.ofMillis(ticks), process);
    }

    @Test
    void aProcessMeasuresByItsTicks() {
        assertEquals(VIEWED, SHOWN.until(moment(1_000_700, 1200, "p")));
        assertEquals(VIEWED, SHOWN.until(moment(10, 1200, "p")), "set back");
        assertEquals(VIEWED, SHOWN.until(moment(90_000_000, 1200, "p")), "set forward");
    }

    @Test
    void anotherProcessMeasuresByTheTimeOfDay() {
        assertEquals(VIEWED, SHOWN.until(moment(1_000_700, 0, "q")));
        assertEquals(Optional.empty(), SHOWN.until(moment(999_999, 0, "q")));
        long longest = Moment.LONGEST.toMillis();
        assertEquals(Optional.of(Moment.LONGEST), SHOWN.until(moment(1_000_000 + longest, 0, "q")));
        assertEquals(Optional.empty(), SHOWN.until(moment(1_000_001 + longest, 0, "q")));
        Moment withoutTicks = moment(1_000_000, 0, "");
        assertEquals(VIEWED, withoutTicks.until(moment(1_000_700, 0, "")), "an earlier ticket");
    }

    @Test
    void anAbsentVoterHasNoViewingTime() {
        long longest = Moment.LONGEST.toMillis();
        assertEquals(Optional.empty(), SHOWN.until(moment(0, 501 + longest, "p")));
    }
}
