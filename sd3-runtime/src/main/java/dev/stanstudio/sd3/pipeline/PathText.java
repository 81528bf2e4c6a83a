package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.base.ArgumentException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Checks that a text can be a path, before anything else fails on it. */
public final class PathText {
    private PathText() {}

    public static void check(String what, @Nullable String text) {
        if (text == null) {
            return;
        }
        try {
            Path unused = Path.of(text);
        } catch (InvalidPathException e) {
            throw new ArgumentException(what + " has no possible path: " + e.getReason(), e);
        }
    }
}
