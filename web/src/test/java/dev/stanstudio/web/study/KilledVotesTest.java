package dev.stanstudio.web.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.web.testing.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server that is killed while many vote, and started again. */
class KilledVotesTest {
    private static final int VOTERS = 16;

    @TempDir Path folder;

    @ParameterizedTest
    @EnumSource
    void whatWasAcknowledgedIsThereAndNothingTwice(TestDatabase database) throws Exception {
        VoteLoad.Outcome outcome = VoteLoad.run(database, folder, Duration.ZERO, 100, VOTERS);
        assertEquals(0, outcome.lost(), outcome.toString());
        assertEquals(0, outcome.refused(), outcome.toString());
        // What was committed but not acknowledged: at most one vote of each voter.
        assertTrue(outcome.rows() >= outcome.acknowledged(), outcome.toString());
        assertTrue(outcome.rows() <= outcome.acknowledged() + VOTERS, outcome.toString());
    }
}
