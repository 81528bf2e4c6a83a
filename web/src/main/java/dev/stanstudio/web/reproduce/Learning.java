package dev.stanstudio.web.reproduce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.ArgumentException;
import java.util.Map;
import java.util.TreeMap;

/**
 * Describes how a method learns from votes of a model on pictures of the method that it goes on
 * after. The model is named in the votes and in the report; its votes are never people's.
 *
 * @param grid {@code studio grid}'s file without model, adapters and seeds, and {@code pictures}:
 *     how many of each prompt
 * @param score options of {@code studio score}, which name the judge
 * @param rate options of {@code studio rate}: the {@code metric} that votes, and which pairs
 */
record Learning(ObjectNode grid, Map<String, JsonNode> score, Map<String, JsonNode> rate) {
    static final String COUNT = "pictures";
    private static final int MOST = 1000;

    /** Names what is missing, for which Jackson calls no constructor of a part. */
    Learning {
        if (grid == null) {
            throw new ArgumentException("learn.grid is missing: name the prompts to learn from");
        }
        if (rate == null || !rate.containsKey("metric")) {
            throw new ArgumentException("learn.rate.metric is missing: name what votes");
        }
        if (!grid.path(COUNT).isInt() || pictures(grid) < 2 || pictures(grid) > MOST) {
            throw new ArgumentException(
                    "learn.grid.pictures must be 2 … %s, so that there are pairs, not %s"
                            .formatted(MOST, grid.path(COUNT)));
        }
        score = score == null ? Map.of() : new TreeMap<>(score);
        rate = new TreeMap<>(rate);
    }

    private static int pictures(ObjectNode grid) {
        return grid.path(COUNT).intValue();
    }

    int pictures() {
        return pictures(grid);
    }
}
