package dev.stanstudio.scoring.report;

import java.util.List;

/**
 * Bars on one scale.
 *
 * @param title the style; empty for all pictures
 * @param bars the best first, where one end is better
 * @param floor where the floor lies, in percent of the width; empty if there is none
 * @param ceiling where the ceiling lies; empty if there is none
 * @param low the number at the left end; empty between floor and ceiling
 * @param high the number at the right end; likewise
 */
public record Bars(
        String title, List<Bar> bars, String floor, String ceiling, String low, String high) {
    /** Keeps a copy of the list. */
    public Bars {
        bars = List.copyOf(bars);
    }

    /** Returns whether floor and ceiling are known. */
    public boolean isScaled() {
        return !floor.isEmpty();
    }
}
