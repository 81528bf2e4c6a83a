package dev.stanstudio.sd3.pipeline;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.mmdit.ModuleGlob;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A change of features of a STAN while a picture is made; as text, in JSON too, {@code
 * LAYER:INDEX=OP[@FROM-TO]}, such as {@code attn.to_q:17=×2}, {@code 3.attn.to_v:0-9=0} or {@code
 * attn.to_out.0:4=+1.5@1-10}.
 *
 * @param layer parts of the module's path that follow each other; {@code *} stands for any letters
 *     of a part
 * @param first first feature
 * @param last last feature, or {@link #OPEN} for all
 * @param operation how a feature changes
 * @param value its number
 * @param fromStep first denoising step, counted from 1
 * @param toStep last one, or {@link #OPEN}
 */
public record FeatureChange(
        String layer,
        int first,
        int last,
        Operation operation,
        double value,
        int fromStep,
        int toStep) {
    /** No end. */
    public static final int OPEN = Integer.MAX_VALUE;

    /** Operations on a feature. */
    public enum Operation {
        /** Active features are multiplied. */
        SCALE,
        /** Active features are at most the value. */
        CLAMP,
        /** The value is added for every token, whether the feature is active or not. */
        INJECT
    }

    private static final String NUMBER = "([-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?)";
    private static final Pattern TEXT =
            Pattern.compile(
                    "(?<layer>[^:=@]+):(?<features>\\*|\\d{1,9}(?:-\\d{1,9})?)="
                            + "(?<op>0|[x×]|<=|\\+)(?<value>"
                            + NUMBER
                            + ")?(?:@(?<from>\\d{1,9})?(?<to>-(?<last>\\d{1,9})?)?)?");

    /** Refuses numbers out of range. */
    public FeatureChange {
        require(!layer.isBlank(), "names no layer");
        require(first >= 0 && last >= first, "ends before it begins");
        require(Double.isFinite(value), "needs a finite number");
        require(
                operation != Operation.CLAMP || value >= 0,
                "clamps below 0, where every token would have the feature");
        require(fromStep >= 1 && toStep >= fromStep, "steps count from 1, FROM before TO");
    }

    private static void require(boolean holds, String problem) {
        if (!holds) {
            throw new ArgumentException("a change of features " + problem);
        }
    }

    /**
     * Reads {@code LAYER:INDEX=OP[@FROM-TO]}.
     *
     * @throws ArgumentException that explains the form
     */
    @JsonCreator
    public static FeatureChange parse(String text) {
        Matcher m = TEXT.matcher(text);
        boolean fits = m.matches();
        boolean ablated = fits && m.group("op").equals("0");
        if (!fits || ablated == (m.group("value") != null)) {
            throw new ArgumentException(
                    "--feature "
                            + text
                            + " is not LAYER:INDEX=OP[@FROM-TO]; OP is x2 (scale), 0 (off), <=2 (at"
                            + " most) or +2 (add), INDEX a number, a range 3-7 or *");
        }
        try {
            return of(m, ablated);
        } catch (ArgumentException | NumberFormatException e) {
            throw new ArgumentException("--feature " + text + ": " + e.getMessage(), e);
        }
    }

    private static FeatureChange of(Matcher m, boolean ablated) {
        String[] range = m.group("features").split("-", -1);
        boolean all = range[0].equals("*");
        int first = all ? 0 : Integer.parseInt(range[0]);
        int last = all ? OPEN : range.length > 1 ? Integer.parseInt(range[1]) : first;
        int from = m.group("from") == null ? 1 : Integer.parseInt(m.group("from"));
        boolean single = m.group("from") != null && m.group("to") == null;
        int to = m.group("last") != null ? Integer.parseInt(m.group("last")) : single ? from : OPEN;
        Operation operation =
                switch (m.group("op")) {
                    case "<=" -> Operation.CLAMP;
                    case "+" -> Operation.INJECT;
                    default -> Operation.SCALE;
                };
        double value = ablated ? 0 : Double.parseDouble(m.group("value"));
        return new FeatureChange(m.group("layer").strip(), first, last, operation, value, from, to);
    }

    /** Returns true if it applies to every feature. */
    public boolean isAll() {
        return first == 0 && last == OPEN;
    }

    /** Returns true if it applies in every step. */
    public boolean isAlways() {
        return fromStep == 1 && toStep == OPEN;
    }

    /** Returns true if it applies in denoising step {@code step}, counted from 1. */
    public boolean actsAt(int step) {
        return step >= fromStep && step <= toStep;
    }

    /** Returns true if it applies to the module at {@code path}. */
    public boolean matches(String path) {
        return ModuleGlob.of(layer).matches(path);
    }

    /** The text that {@link #parse} reads. */
    @JsonValue
    @Override
    public String toString() {
        String features =
                isAll() ? "*" : first == last ? String.valueOf(first) : first + "-" + last;
        String number =
                value == Math.rint(value) && Math.abs(value) < 1e9
                        ? String.valueOf((long) value)
                        : String.valueOf(value);
        String op =
                switch (operation) {
                    case SCALE -> value == 0 ? "0" : "×" + number;
                    case CLAMP -> "<=" + number;
                    case INJECT -> "+" + number;
                };
        String end = toStep == OPEN ? "" : String.valueOf(toStep);
        String steps = isAlways() ? "" : "@" + fromStep + "-" + end;
        return layer + ":" + features + "=" + op + steps;
    }
}
