package dev.stanstudio.web.reproduce;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.pipeline.SavedState;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Plans the pictures that saved states of a training are compared by: every content in every style,
 * and without a style, with the same noises for all states and for the model alone.
 *
 * @param training folder of the training
 * @param model path or name; null for the built-in one
 * @param styles of the prompts
 * @param contents of the prompts
 * @param pictures noises of each prompt
 * @param steps of sampling; null for the model's
 */
record CheckpointGrid(
        Path training,
        @Nullable String model,
        List<String> styles,
        List<String> contents,
        int pictures,
        @Nullable Integer steps) {
    /** The column of the model without the adapter. */
    static final String NONE = "none";

    private static final int MOST_STATES = 50;

    CheckpointGrid {
        styles = List.copyOf(styles);
        contents = List.copyOf(contents);
        if (styles.isEmpty() || contents.isEmpty()) {
            throw new ArgumentException("there must be at least one style and one content");
        }
        if (pictures < 1 || pictures > 1000) {
            throw new ArgumentException("--pictures must be 1 … 1000, is " + pictures);
        }
        if (steps != null && steps < 1) {
            throw new ArgumentException("--steps must be at least 1, is " + steps);
        }
    }

    /**
     * Returns the saved states in the order of their steps.
     *
     * @throws UserException if there are none, or more than 50
     */
    List<SavedState> states() {
        List<SavedState> states = SavedState.in(training);
        if (states.isEmpty()) {
            throw new UserException(
                    "%s has no saved states; train with --keep-checkpoints N or --save-every N"
                            .formatted(training));
        }
        if (states.size() > MOST_STATES) {
            throw new UserException(
                    "%s has %s saved states, more than the %s that are compared at once"
                            .formatted(training, states.size(), MOST_STATES));
        }
        return states;
    }

    /** Returns the name of the column that is drawn with a state. */
    static String column(long step) {
        return String.format(Locale.ROOT, "step-%07d", step);
    }

    /** Returns how many pictures there are in all. */
    long count() {
        ObjectNode adapters = (ObjectNode) content(training).get("adapters");
        return (long) adapters.size() * contents.size() * (styles.size() + 1) * pictures;
    }

    /**
     * Returns the keys of the grid's file, whose adapters count from {@code folder}.
     *
     * @throws UserException if there are no states
     */
    ObjectNode content(Path folder) {
        ObjectNode grid = JsonNodeFactory.instance.objectNode();
        if (model != null) {
            grid.put("model", model);
        }
        ArrayNode pairs = grid.putArray("pairs");
        for (String style : styles) {
            contents.forEach(text -> pairs.addObject().put("style", style).put("content", text));
        }
        contents.forEach(text -> pairs.addObject().put("content", text));
        ObjectNode adapters = grid.putObject("adapters");
        adapters.putArray(NONE);
        states().forEach(state -> add(adapters, column(state.step()), folder, state.path()));
        ArrayNode seeds = grid.putArray("seeds");
        for (int i = 0; i < pictures; i++) {
            seeds.add(i);
        }
        if (steps != null) {
            grid.put("steps", steps);
        }
        return grid;
    }

    private static void add(ObjectNode adapters, String column, Path folder, Path adapter) {
        Path from = folder.toAbsolutePath().normalize();
        Path to = adapter.toAbsolutePath().normalize();
        adapters.putArray(column).add(from.relativize(to).toString());
    }
}
