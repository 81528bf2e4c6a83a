package dev.stanstudio.web.matrix;

import dev.stanstudio.sd3.pipeline.Seed;
import java.util.ArrayList;
import java.util.List;

/** Reads and writes lists of seeds as people type them: {@code 0-3, 7}. */
public final class Seeds {
    private Seeds() {}

    /**
     * Returns the seeds that a field of a form holds; a random one for an empty field.
     *
     * @param most seeds of a range
     * @throws dev.stanstudio.base.ArgumentException that names what is no seed
     */
    public static List<Long> parse(String text, int most) {
        if (text.isBlank()) {
            return List.of(Seed.random());
        }
        List<Long> seeds = new ArrayList<>();
        String even = text.strip().replaceAll("\\s*[-–…]\\s*", "-");
        for (String part : even.split("[,;\\s]+")) {
            seeds.addAll(Seed.range(part, most));
        }
        return seeds;
    }

    /**
     * Returns the seeds of a number or of a range such as {@code 0 - 3}, both ends included.
     *
     * @param most seeds of a range
     * @throws dev.stanstudio.base.ArgumentException if it is neither
     */
    public static List<Long> range(String text, int most) {
        return Seed.range(text.replaceAll("\\s*-\\s*", "-"), most);
    }

    /** Returns the text that gives {@code seeds} again. */
    public static String format(List<Long> seeds) {
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
