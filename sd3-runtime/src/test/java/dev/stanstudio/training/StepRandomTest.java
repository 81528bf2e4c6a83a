package dev.stanstudio.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class StepRandomTest {
    @Test
    void stepsShareNoNumbers() {
        Set<Long> seen = new HashSet<>();
        int draws = 0;
        for (long step = 0; step < 500; step++) {
            SplittableRandom random = StepRandom.of(1, step);
            for (int i = 0; i < 100; i++) {
                seen.add(random.nextLong());
                draws++;
            }
        }
        assertEquals(draws, seen.size());
    }

    @Test
    void followsFromSeedAndStep() {
        assertEquals(StepRandom.of(7, 3).nextLong(), StepRandom.of(7, 3).nextLong());
        assertTrue(StepRandom.of(7, 3).nextLong() != StepRandom.of(8, 3).nextLong());
    }

    @Test
    void picksAreSpreadOverTheItems() {
        // 400 steps of 32 picks from 10,000 items see about 10,000 (1 − e^−1.28) = 7,220 of them.
        Set<Integer> seen = new HashSet<>();
        for (long step = 0; step < 400; step++) {
            SplittableRandom random = StepRandom.of(1, step);
            for (int i = 0; i < 32; i++) {
                seen.add(random.nextInt(10_000));
            }
        }
        assertEquals(7_220, seen.size(), 200);
    }
}
