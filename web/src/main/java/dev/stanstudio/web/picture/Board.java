package dev.stanstudio.web.picture;

/** Names a board: a set of pictures that a visitor put together. */
public record Board(String id, String name) {}
