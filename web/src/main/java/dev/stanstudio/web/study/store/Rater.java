package dev.stanstudio.web.study.store;

/**
 * A voter in a study.
 *
 * @param slot index of the rater's row in the plan
 */
public record Rater(String id, String studyId, int slot) {}
