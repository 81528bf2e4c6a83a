package dev.stanstudio.web.grid;

import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.model.ModelDefaults;
import dev.stanstudio.sd3.pipeline.AdapterUse;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.pipeline.PromptTexts;
import dev.stanstudio.sd3.pipeline.SamplingOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A grid of pictures: every pair by every method from every seed.
 *
 * @param model path or name; null for the command's
 * @param pairs rows
 * @param template prompt of a pair with {content} and {style}
 * @param adapters columns: the adapters of each method, none for the base model
 * @param seeds of each cell
 * @param steps sampling steps; null for the model's
 * @param guidance weight of guidance; null for the model's
 * @param width in pixels; null for the model's
 * @param height in pixels; null for the model's
 * @param negative what guidance leads away from, or null
 */
record Grid(
        @Nullable String model,
        List<GridPair> pairs,
        String template,
        Map<String, List<AdapterUse>> adapters,
        List<Long> seeds,
        @Nullable Integer steps,
        @Nullable Double guidance,
        @Nullable Integer width,
        @Nullable Integer height,
        @Nullable String negative) {
    /** Pictures of a grid at most. */
    static final int MOST = 1_000_000;

    Grid {
        pairs = List.copyOf(pairs);
        seeds = List.copyOf(new LinkedHashSet<>(seeds));
        adapters = Collections.unmodifiableMap(new LinkedHashMap<>(adapters));
        if (seeds.isEmpty()) {
            throw new UserException("a grid needs at least one seed");
        }
        if ((long) pairs.size() * seeds.size() * adapters.size() > MOST) {
            throw new UserException("a grid has at most " + MOST + " pictures");
        }
        for (String method : adapters.keySet()) {
            if (!method.matches("[\\p{L}\\p{N}][\\p{L}\\p{N}._-]*")) {
                throw new UserException(
                        "the method '" + method + "' needs a name of letters and digits");
            }
        }
    }

    /**
     * A picture of the grid.
     *
     * @param file below the grid's folder
     */
    record Cell(String file, String method, GridPair pair, long seed) {}

    /** Every picture; a method's together, so that its adapters stay loaded. */
    List<Cell> cells() {
        List<Cell> cells = new ArrayList<>();
        for (String method : adapters.keySet()) {
            for (int row = 0; row < pairs.size(); row++) {
                for (long seed : seeds) {
                    GridPair pair = pairs.get(row);
                    String file =
                            String.format(
                                    Locale.ROOT,
                                    "%s/%03d-%s-%d.png",
                                    method,
                                    row,
                                    slug(pair),
                                    seed);
                    cells.add(new Cell(file, method, pair, seed));
                }
            }
        }
        return cells;
    }

    private static String slug(GridPair pair) {
        String words = Objects.requireNonNullElse(pair.style(), pair.content());
        String slug = words.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        return slug.substring(0, Math.min(slug.length(), 40)).replaceAll("^-|-$", "");
    }

    /** The request that makes {@code pair} by {@code method} from {@code wanted} seeds. */
    GenerationRequest request(
            GridPair pair, String method, List<Long> wanted, ModelDefaults defaults) {
        return GenerationRequest.builder(defaults)
                .prompt(PromptTexts.of(pair.prompt(template)))
                .negative(PromptTexts.of(negative == null ? "" : negative))
                .size(
                        width == null ? defaults.width() : width,
                        height == null ? defaults.height() : height)
                .seeds(wanted)
                .sampling(
                        SamplingOptions.of(
                                steps == null ? defaults.steps() : steps,
                                guidance == null ? defaults.guidance() : guidance,
                                defaults.sampler()))
                .adapters(adapters.getOrDefault(method, List.of()))
                .build();
    }
}
