package dev.stanstudio.web.generate;

import dev.stanstudio.sd3.pipeline.Seed;
import dev.stanstudio.web.picture.MatrixRequest;
import java.util.ArrayList;
import java.util.List;

/** Reads seeds as people write them: {@code 0-3, 7}. */
final class Seeds {
    private Seeds() {}

    /**
     * The seeds; one of chance for no text.
     *
     * @throws dev.stanstudio.base.ArgumentException that names what is no seed
     */
    static List<Long> parse(String text) {
        if (text.isBlank()) {
            return List.of(Seed.random());
        }
        List<Long> seeds = new ArrayList<>();
        String even = text.strip().replaceAll("\\s*[-–…]\\s*", "-");
        for (String part : even.split("[,;\\s]+")) {
            seeds.addAll(Seed.range(part, MatrixRequest.MOST_PICTURES));
        }
        return seeds;
    }

    /** The text that gives {@code seeds} again. */
    static String format(List<Long> seeds) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        while (from < seeds.size()) {
            int to = from;
            while (to + 1 < seeds.size() && seeds.get(to + 1) == seeds.get(to) + 1) {
                to++;
            }
            parts.add(to == from ? "" + seeds.get(from) : seeds.get(from) + "-" + seeds.get(to));
            from = to + 1;
        }
        return String.join(", ", parts);
    }
}
