package dev.stanstudio.web.study.plan;

import java.util.List;

/**
 * A trial of one rater.
 *
 * @param pictures indices of the plan's pictures, in the order of their slots
 * @param expected for a check, the slot (from 1) of the picture that was not spoiled; else 0
 */
public record Trial(Role role, int question, List<Integer> pictures, int expected) {
    /** The purposes of trials. */
    public enum Role {
        /** The answer counts. */
        VOTE,
        /** Practice. */
        TRAINING,
        /** A check whether the rater looks at the pictures. */
        CHECK,
        /** An earlier trial in another order, which shows whether the rater answers alike. */
        REPEAT
    }

    /** Checks that it is whole and copies the list. */
    public Trial {
        Setting.present("a role of every trial", role);
        Setting.present("pictures of every trial", pictures);
        pictures = List.copyOf(pictures);
    }
}
