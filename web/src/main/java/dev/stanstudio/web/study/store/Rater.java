package dev.stanstudio.web.study.store;

/**
 * Somebody who votes.
 *
 * @param slot which of the plan's raters it is
 */
public record Rater(String id, String studyId, int slot) {}
