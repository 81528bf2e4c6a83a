package dev.stanstudio.web.matrix;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.pipeline.BlockWeights;
import dev.stanstudio.sd3.pipeline.FeatureChange;
import dev.stanstudio.sd3.pipeline.GuidanceOptions;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the values of axes: numbers, ranges such as {@code 0.2-1.0/0.2}, words. */
final class AxisValues {
    private static final String NUMBER = "[-+]?(?:\\d{1,12}(?:\\.\\d{0,12})?|\\.\\d{1,12})";
    private static final Pattern RANGE =
            Pattern.compile(
                    "(?<from>%1$s)(?:\\s*[-–…]\\s*(?<to>%1$s)(?:\\s*/\\s*(?<step>%1$s))?)?"
                            .formatted(NUMBER));
    private static final Pattern FEATURE =
            Pattern.compile("(?<head>[^:=]+:[^=]+=(?:[x×+]|<=))(?<rest>.*)");

    /** Text of {@link BlockWeights#ALL} that is not empty. */
    private static final String EVERY_BLOCK = "*:1";

    private AxisValues() {}

    /** Returns the numbers of a list; its ranges name their step. */
    static List<String> numbers(String kind, String text) {
        List<String> values = new ArrayList<>();
        words(kind, text).forEach(part -> values.addAll(range(kind, part, null)));
        return values;
    }

    /** Returns the whole numbers of a list; ranges go by one unless they name a step. */
    static List<String> wholeNumbers(String kind, String text) {
        List<String> values = new ArrayList<>();
        for (String part : words(kind, text)) {
            values.addAll(range(kind, part, BigDecimal.ONE));
        }
        for (String value : values) {
            if (value.contains(".")) {
                throw new ArgumentException(
                        "%s must be whole numbers, not %s".formatted(kind, value));
            }
        }
        return values;
    }

    /** Returns the steps of saved states; ranges go by one unless they name a step. */
    static List<String> steps(String kind, String text) {
        List<String> values = new ArrayList<>();
        for (String part : words(kind, text)) {
            values.addAll(part.equals(Checkpoint.FINAL) ? List.of(part) : wholeNumbers(kind, part));
        }
        return values;
    }

    /** Returns the weights of blocks between semicolons; each has commas of its own. */
    static List<String> blocks(String kind, String text) {
        List<String> values = new ArrayList<>();
        for (String part : words(kind, text, ";")) {
            String blocks = BlockWeights.parse(part).toString();
            values.add(blocks.isEmpty() ? EVERY_BLOCK : blocks);
        }
        return values;
    }

    /** Returns variants of guidance between semicolons; each may have commas of its own. */
    static List<String> variants(String kind, String text) {
        return words(kind, text, ";").stream()
                .map(part -> GuidanceOptions.parse(part).toString())
                .toList();
    }

    /** Returns the parts between commas. */
    static List<String> words(String kind, String text) {
        return words(kind, text, "[,;]");
    }

    private static List<String> words(String kind, String text, String separator) {
        List<String> words =
                Arrays.stream(text.split(separator))
                        .map(String::strip)
                        .filter(word -> !word.isEmpty())
                        .toList();
        if (words.isEmpty()) {
            throw new ArgumentException("give the axis %s at least one value".formatted(kind));
        }
        return words;
    }

    /**
     * Returns the changes of a list; its numbers and ranges belong to the change before them, so
     * that {@code attn.to_q:17=x0, 2-4/1} holds four.
     */
    static List<String> features(String kind, String text) {
        List<String> values = new ArrayList<>();
        String head = "";
        for (String part : words(kind, text)) {
            Matcher change = FEATURE.matcher(part);
            boolean headed = change.matches();
            head = headed ? change.group("head") : head;
            String rest = headed ? change.group("rest") : part;
            if (head.isEmpty() || !RANGE.matcher(rest).matches()) {
                values.add(FeatureChange.parse(part).toString());
                continue;
            }
            for (String number : range(kind, rest, null)) {
                values.add(FeatureChange.parse(head + number).toString());
            }
        }
        return values;
    }

    private static List<String> range(String kind, String text, @Nullable BigDecimal usualStep) {
        Matcher range = RANGE.matcher(text);
        if (!range.matches()) {
            throw new ArgumentException(
                    "%s must be numbers or ranges such as 1-7/2, not '%s'".formatted(kind, text));
        }
        BigDecimal from = new BigDecimal(range.group("from"));
        if (range.group("to") == null) {
            return List.of(text(from));
        }
        String given = range.group("step");
        BigDecimal step = given == null ? usualStep : new BigDecimal(given);
        if (step == null || step.signum() <= 0) {
            throw new ArgumentException(
                    "the range %s of %s needs a step above 0, such as %s/0.5"
                            .formatted(text, kind, text.replaceAll("\\s*/.*", "")));
        }
        return range(kind, text, from, new BigDecimal(range.group("to")), step);
    }

    private static List<String> range(
            String kind, String text, BigDecimal from, BigDecimal to, BigDecimal step) {
        if (to.compareTo(from) < 0) {
            throw new ArgumentException(
                    "the range %s of %s ends before it begins".formatted(text, kind));
        }
        List<String> values = new ArrayList<>();
        for (BigDecimal at = from; at.compareTo(to) <= 0; at = at.add(step)) {
            if (values.size() == Axis.MOST_VALUES) {
                throw Axis.tooMany(kind);
            }
            values.add(text(at));
        }
        return values;
    }

    private static String text(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }
}
