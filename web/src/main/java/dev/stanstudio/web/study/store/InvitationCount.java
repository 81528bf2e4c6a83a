package dev.stanstudio.web.study.store;

/** Numbers of links for one use that a study has, and of those that were used. */
public record InvitationCount(int made, int used) {}
