package dev.stanstudio.web.matrix;

import org.jspecify.annotations.Nullable;

/**
 * Locates a saved state of the training of one adapter of a method.
 *
 * @param adapter path of the adapter whose place the state takes
 * @param step after which it was saved
 * @param path of the state, an adapter like any other
 * @param sha256 hash of its tensors, or null before they are read
 */
public record Checkpoint(String adapter, long step, String path, @Nullable String sha256) {
    /** Names the adapter as its training wrote it, among the states. */
    public static final String FINAL = "final";
}
