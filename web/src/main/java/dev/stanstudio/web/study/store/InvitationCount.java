package dev.stanstudio.web.study.store;

/**
 * Numbers of a study's links for one use.
 *
 * @param made links that were made
 * @param used links that admitted a rater
 */
public record InvitationCount(int made, int used) {}
