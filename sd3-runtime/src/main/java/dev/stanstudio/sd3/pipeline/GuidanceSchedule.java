package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Decimal;
import dev.stanstudio.base.Labelled;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The scale of classifier-free guidance in each step, in place of one for all (Wang et al. 2024,
 * Analysis of Classifier-Free Guidance Weight Schedulers). Steps are counted over the whole
 * schedule, those before an initial picture's noise level too: with u from 0 in the first step to 1
 * in the last, {@code linear:A-B} is A + (B − A)·u, {@code cosine:A-B:S} is A + (B − A)·(1 −
 * cos(π·u^S))/2, their powered cosine, and {@code list:A,B,C} goes straight from one scale to the
 * next at even distances; with as many scales as steps, each is a step's.
 *
 * @param shape the curve
 * @param scales at its ends, or all of a list; each 0 … {@value #MOST_SCALE}
 * @param power S of the cosine, above 0
 */
public record GuidanceSchedule(Shape shape, List<Double> scales, double power) {
    private static final double MOST_SCALE = 1000;
    private static final int MOST_SCALES = 1000;
    private static final double MOST_POWER = 100;
    private static final String FORM =
            "a schedule of guidance is linear:7-3, cosine:1-7, cosine:1-7:POWER or list:7,5,3, not"
                    + " '%s'";

    /** The curves. */
    public enum Shape implements Labelled {
        /** Straight from the first scale to the second. */
        LINEAR,
        /** Half a period of a cosine from the first scale to the second. */
        COSINE,
        /** Straight between the scales of a list. */
        LIST;

        @Override
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Refuses scales and powers that cannot work. */
    public GuidanceSchedule {
        scales = List.copyOf(scales);
        for (double scale : scales) {
            if (!(scale >= 0 && scale <= MOST_SCALE)) {
                throw new ArgumentException(
                        "the scales of a guidance schedule lie within 0 … %.0f, not %s"
                                .formatted(MOST_SCALE, scale));
            }
        }
        if (scales.size() < 2 || scales.size() > MOST_SCALES) {
            throw new ArgumentException(
                    "a guidance schedule has 2 … %d scales, not %d"
                            .formatted(MOST_SCALES, scales.size()));
        }
        if (!(power > 0 && power <= MOST_POWER)) {
            throw new ArgumentException(
                    "the power of a guidance schedule is above 0 up to %.0f, not %s"
                            .formatted(MOST_POWER, power));
        }
    }

    /**
     * Reads {@code linear:7-3}, {@code cosine:1-7}, {@code cosine:1-7:2} or {@code list:7,5,3}.
     *
     * @throws ArgumentException that shows the forms
     */
    public static GuidanceSchedule parse(String text) {
        String[] parts = text.strip().split(":", -1);
        Shape shape =
                Labelled.find(Shape.values(), parts[0].strip()).orElseThrow(() -> unreadable(text));
        boolean powered = shape == Shape.COSINE && parts.length == 3;
        if (parts.length != 2 && !powered) {
            throw unreadable(text);
        }
        String[] scales = parts[1].split(shape == Shape.LIST ? "," : "-", -1);
        if (shape != Shape.LIST && scales.length != 2) {
            throw unreadable(text);
        }
        return new GuidanceSchedule(
                shape,
                Stream.of(scales).map(scale -> number(scale, text)).toList(),
                powered ? number(parts[2], text) : 1);
    }

    private static double number(String digits, String text) {
        if (!Decimal.isOne(digits.strip())) {
            throw unreadable(text);
        }
        return Decimal.parse(digits.strip());
    }

    private static ArgumentException unreadable(String text) {
        return new ArgumentException(FORM.formatted(text));
    }

    /** Returns the scale of step {@code index} of {@code steps}, counted from 0. */
    double at(int index, int steps) {
        double share = steps < 2 ? 0 : (double) index / (steps - 1);
        double place =
                shape == Shape.COSINE
                        ? (1 - Math.cos(Math.PI * Math.pow(share, power))) / 2
                        : share * (scales.size() - 1);
        int from = Math.min((int) place, scales.size() - 2);
        double first = scales.get(from);
        return first + (scales.get(from + 1) - first) * (place - from);
    }

    /** Returns the greatest scale. */
    double most() {
        return Collections.max(scales);
    }

    /** Returns the text that {@link #parse} reads. */
    @Override
    public String toString() {
        String joined =
                scales.stream()
                        .map(GuidanceSchedule::text)
                        .collect(Collectors.joining(shape == Shape.LIST ? "," : "-"));
        return shape.label() + ":" + joined + (power == 1 ? "" : ":" + text(power));
    }

    private static String text(double number) {
        return number == 0
                ? "0"
                : new BigDecimal(String.valueOf(number)).stripTrailingZeros().toPlainString();
    }
}
