package dev.stanstudio.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Checks that a program text runs on a card as it does on the CPU: a tensor made from nothing names
 * its type and its device, and nothing is copied to the host within a step.
 */
public final class ProgramRules {
    private static final Pattern FACTORY =
            Pattern.compile(
                    "torch\\.(zeros|ones|empty|full|arange|linspace|eye|tensor|rand|randn|randint"
                            + "|randperm|scalar_tensor|from_file|normal|bernoulli)\\(");
    private static final Pattern ROUND_TRIP =
            Pattern.compile(
                    "torch\\.(item|tolist|nonzero|masked_select|unique|cpu|is_nonzero|equal)\\("
                            + "|torch\\.device\\(\"cpu\"\\)|\\b(int|float|bool)\\(torch");

    /** Methods that exist to talk to the host; no step calls them. */
    private static final Set<String> HOST_METHODS =
            Set.of(
                    "host_floats",
                    "host_longs",
                    "host_bytes",
                    "unwritten",
                    "all_finite",
                    "generator",
                    "normal",
                    "uniform");

    private ProgramRules() {}

    /** Every program below {@code root}. */
    public static List<Path> programs(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(f -> f.toString().endsWith(".ts.py")).sorted().toList();
        }
    }

    /** Lines of {@code text} that break a rule. */
    public static List<String> violations(String text) {
        List<String> found = new ArrayList<>();
        String method = "";
        for (String line : text.lines().toList()) {
            if (line.startsWith("def ")) {
                method = line.substring(4, line.indexOf('('));
            }
            String code = line.startsWith("#") ? "" : line;
            if (ROUND_TRIP.matcher(code).find() && !HOST_METHODS.contains(method)) {
                found.add(method + ": copies to the host: " + line.strip());
            }
            Matcher factory = FACTORY.matcher(code);
            while (factory.find()) {
                String call = call(code, factory.end());
                if (!call.contains("dtype=") || !call.contains("device=")) {
                    found.add(method + ": names no dtype or device: " + line.strip());
                }
            }
        }
        return found;
    }

    /** The text between the parenthesis at {@code from} and its partner. */
    private static String call(String line, int from) {
        int depth = 1;
        int end = from;
        while (end < line.length() && depth > 0) {
            depth += line.charAt(end) == '(' ? 1 : line.charAt(end) == ')' ? -1 : 0;
            end++;
        }
        return line.substring(from, end);
    }
}
