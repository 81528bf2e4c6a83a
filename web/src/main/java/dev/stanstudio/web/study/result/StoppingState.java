package dev.stanstudio.web.study.result;

/**
 * Distance of a study from its end.
 *
 * @param complete whether its stopping rule is met
 * @param missing number of further rows before which it cannot be met; 1 or more
 */
public record StoppingState(boolean complete, int missing) {
    /** Checks the number. */
    public StoppingState {
        if (missing < 1) {
            throw new IllegalArgumentException(
                    "%d rows are missing; 1 is the least".formatted(missing));
        }
    }
}
