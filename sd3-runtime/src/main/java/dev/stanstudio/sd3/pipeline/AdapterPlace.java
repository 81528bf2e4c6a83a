package dev.stanstudio.sd3.pipeline;

import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Names an adapter by the place of its files: the adapter that a training wrote into its folder, a
 * state that it saved there, or a folder or file of its own.
 *
 * @param name of the training's folder, or else of the folder or file
 * @param step after which a training saved it; empty for all others
 */
public record AdapterPlace(String name, OptionalLong step) {
    /** The folder of the finished adapter in the folder of its training. */
    public static final String FINISHED = "adapter";

    /** The folder of the saved states in the folder of their training. */
    public static final String STATES = "checkpoints";

    private static final String STEP = "\\d{1,18}";

    /** Returns the name for the adapter at {@code path}. */
    public static AdapterPlace of(Path path) {
        Path parent = path.getParent();
        Path above = parent == null ? null : parent.getParent();
        if (last(path).matches(STEP) && last(parent).equals(STATES) && isNamed(above)) {
            return new AdapterPlace(last(above), OptionalLong.of(Long.parseLong(last(path))));
        }
        boolean finished = last(path).equals(FINISHED) && isNamed(parent);
        return new AdapterPlace(last(finished ? parent : path), OptionalLong.empty());
    }

    private static boolean isNamed(@Nullable Path folder) {
        return folder != null && folder.getFileName() != null;
    }

    private static String last(@Nullable Path path) {
        return path == null ? "" : String.valueOf(path.getFileName());
    }

    /** Returns the folder of the state after {@code step} in the folder of a training. */
    public static Path state(Path training, long step) {
        return training.resolve(STATES).resolve(String.format(Locale.ROOT, "%07d", step));
    }

    /** Returns the name for people, with the step. */
    public String shown() {
        return step.isPresent() ? name + " step " + step.getAsLong() : name;
    }
}
