package dev.stanstudio.web.study.plan;

import java.util.List;

/**
 * One trial of one rater.
 *
 * @param pictures indices of the plan's pictures, in the order of their slots
 * @param expected for a check, the slot (from 1) of the picture that was not spoiled; else 0
 */
public record Trial(Role role, int question, List<Integer> pictures, int expected) {
    /** What a trial is for. */
    public enum Role {
        /** Its answer counts. */
        VOTE,
        /** Getting used to it. */
        TRAINING,
        /** Seeing who looks. */
        CHECK,
        /** An earlier trial in another order: seeing who answers alike. */
        REPEAT
    }

    /** Checks that it is whole and copies the list. */
    public Trial {
        Setting.present("a role of every trial", role);
        Setting.present("pictures of every trial", pictures);
        pictures = List.copyOf(pictures);
    }
}
