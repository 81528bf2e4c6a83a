package dev.stanstudio.web.generate;

import dev.stanstudio.datasets.ArgumentException;
import dev.stanstudio.web.picture.MatrixOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads seeds as people write them: {@code 0-3, 7}. */
final class Seeds {
    private static final Pattern PART = Pattern.compile("(\\d{1,18})(?:-(\\d{1,18}))?");

    private Seeds() {}

    /** The seeds; one of chance, below 2^31 so that people can type it again, for no text. */
    static List<Long> parse(String text) {
        if (text.isBlank()) {
            return List.of((long) ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE));
        }
        List<Long> seeds = new ArrayList<>();
        String even = text.strip().replaceAll("\\s*[-–…]\\s*", "-");
        for (String part : even.split("[,;\\s]+")) {
            Matcher matcher = PART.matcher(part);
            if (!matcher.matches()) {
                throw new ArgumentException(
                        "'" + shortened(part) + "' is no seed; write numbers or ranges: 0-3, 7");
            }
            add(seeds, part, matcher);
        }
        return seeds;
    }

    private static void add(List<Long> seeds, String part, Matcher matcher) {
        long first = Long.parseLong(matcher.group(1));
        long last = matcher.group(2) == null ? first : Long.parseLong(matcher.group(2));
        if (last < first || last - first >= MatrixOrder.MOST_PICTURES) {
            throw new ArgumentException(
                    "the seeds "
                            + part
                            + " must ascend and be at most "
                            + MatrixOrder.MOST_PICTURES);
        }
        for (long seed = first; seed <= last; seed++) {
            seeds.add(seed);
        }
    }

    private static String shortened(String text) {
        return text.length() > 40 ? text.substring(0, 40) + "…" : text;
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
