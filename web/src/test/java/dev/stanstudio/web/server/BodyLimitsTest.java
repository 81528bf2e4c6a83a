package dev.stanstudio.web.server;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Memory of bodies that are still being sent. */
class BodyLimitsTest {
    private static final int VOTE = 1000;
    private static final int PIECE = 60_000;

    @Test
    void senderThatHoldsAllMemoryKeepsNobodyFromVoting() {
        BodyLimits limits = new BodyLimits(Map.of(), request -> false);
        int full = 0;
        while (limits.hold(0, PIECE)) {
            full++;
        }
        int slack = 0;
        while (limits.hold(PIECE, 1)) {
            slack++; // what is left to the last byte
        }
        assertTrue((long) full * PIECE + slack >= limits.budget(), full + " " + slack);
        for (int i = 0; i < 10_000; i++) {
            assertTrue(limits.hold(0, VOTE));
        }
        assertFalse(limits.hold(VOTE, PIECE), "only a body's beginning is free");
        for (int i = 0; i < 10_000; i++) {
            limits.release(VOTE);
        }
        assertFalse(limits.hold(VOTE, PIECE), "what was free gives no memory back");
        limits.release(PIECE);
        assertTrue(limits.hold(VOTE, PIECE - VOTE));
        assertFalse(limits.hold(0, PIECE));
    }
}
