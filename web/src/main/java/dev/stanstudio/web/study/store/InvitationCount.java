package dev.stanstudio.web.study.store;

/** How many links for one use a study has, and how many of them were used. */
public record InvitationCount(int made, int used) {}
