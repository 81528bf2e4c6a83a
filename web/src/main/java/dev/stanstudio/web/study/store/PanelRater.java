package dev.stanstudio.web.study.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A rater as a panel needs to know to pay.
 *
 * @param id the panel's
 * @param state how far the rater came
 * @param answers trials with an answer that stands
 * @param trials in all
 * @param last time of the last answer; null without any
 */
public record PanelRater(
        String id, State state, int answers, int trials, Instant joined, @Nullable Instant last) {
    /** States of a rater. */
    public enum State {
        /** Every trial is answered. */
        COMPLETED("completed"),
        /** Some are not. */
        INCOMPLETE("incomplete"),
        /** The rater deleted the answers. */
        WITHDREW("withdrew");

        private final String label;

        State(String label) {
            this.label = label;
        }

        /** Returns the word of the list. */
        public String label() {
            return label;
        }
    }
}
