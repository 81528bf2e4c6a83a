package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Decimal;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads and writes variants of guidance as people type them. */
final class GuidanceText {
    private static final String PLAIN = "plain";
    private static final double PERTURBED_SCALE = 3;
    private static final Pattern LAYERS =
            Pattern.compile("(?<layers>[^x@]*)(?:x(?<scale>[^@]*))?(?:@(?<steps>.*))?");
    private static final Pattern SHARE = Pattern.compile("(?<start>[^-]+)-(?<stop>[^-]+)");
    private static final int APG_NUMBERS = 3;

    private final String text;
    private @Nullable GuidanceSchedule schedule;
    private @Nullable StepShare interval;
    private double rescale;
    private @Nullable ZeroStar zeroStar;
    private @Nullable ProjectedGuidance projected;
    private @Nullable PerturbedAttention perturbed;

    private GuidanceText(String text) {
        this.text = text;
    }

    static GuidanceOptions read(@Nullable String text) {
        if (text == null || text.isBlank() || text.strip().equals(PLAIN)) {
            return GuidanceOptions.PLAIN;
        }
        GuidanceText reader = new GuidanceText(text.strip());
        Set<String> seen = new HashSet<>();
        for (String part : reader.text.split("\\+", -1)) {
            String[] sides = part.strip().split("=", 2);
            String name = sides[0].strip();
            if (!seen.add(name)) {
                throw new ArgumentException(
                        "the guidance variants '%s' name %s twice".formatted(text, name));
            }
            reader.variant(name, sides.length == 1 ? "" : sides[1].strip(), sides.length == 1);
        }
        return new GuidanceOptions(
                reader.schedule,
                reader.interval,
                reader.rescale,
                reader.zeroStar,
                reader.projected,
                reader.perturbed);
    }

    private void variant(String name, String value, boolean bare) {
        switch (name) {
            case "schedule" -> schedule = GuidanceSchedule.parse(value);
            case "interval" -> interval = share(value);
            case "rescale" -> rescale = number(value);
            case "cfg-zero" -> zeroStar = new ZeroStar(bare ? 1 : whole(value));
            case "apg" -> projected = apg(value, bare);
            case "pag" -> perturbed = pag(value);
            default -> throw unreadable();
        }
    }

    private ArgumentException unreadable() {
        return new ArgumentException(
                ("guidance variants are %s, schedule=linear:7-3, interval=0.2-0.8, rescale=0.7,"
                     + " cfg-zero=STEPS, apg=ETA:NORM:MOMENTUM or pag=BLOCKSxSCALE@0-0.5, with +"
                     + " between, not '%s'")
                        .formatted(PLAIN, text));
    }

    private ProjectedGuidance apg(String value, boolean bare) {
        List<Double> numbers = new ArrayList<>();
        for (String number : bare ? new String[0] : value.split(":", -1)) {
            numbers.add(number(number));
        }
        if (numbers.size() > APG_NUMBERS) {
            throw unreadable();
        }
        while (numbers.size() < APG_NUMBERS) {
            numbers.add(0.0);
        }
        return new ProjectedGuidance(numbers.get(0), numbers.get(1), numbers.get(2));
    }

    private PerturbedAttention pag(String value) {
        Matcher parts = LAYERS.matcher(value);
        if (!parts.matches()) {
            throw unreadable();
        }
        List<Integer> layers =
                Stream.of(parts.group("layers").split(",", -1)).map(this::whole).toList();
        String scale = parts.group("scale");
        String steps = parts.group("steps");
        return new PerturbedAttention(
                layers,
                scale == null ? PERTURBED_SCALE : number(scale),
                steps == null ? StepShare.ALL : share(steps));
    }

    private StepShare share(String value) {
        Matcher share = SHARE.matcher(value);
        if (!share.matches()) {
            throw unreadable();
        }
        return new StepShare(number(share.group("start")), number(share.group("stop")));
    }

    private double number(String value) {
        try {
            return Decimal.parse(value.strip());
        } catch (NumberFormatException e) {
            throw unreadable();
        }
    }

    private int whole(String value) {
        try {
            return Integer.parseInt(value.strip());
        } catch (NumberFormatException e) {
            throw unreadable();
        }
    }

    static String write(GuidanceOptions options) {
        List<String> parts = new ArrayList<>();
        if (options.schedule() != null) {
            parts.add("schedule=" + options.schedule());
        }
        if (options.interval() != null) {
            parts.add("interval=" + text(options.interval()));
        }
        if (options.rescale() > 0) {
            parts.add("rescale=" + text(options.rescale()));
        }
        if (options.zeroStar() != null) {
            parts.add("cfg-zero=" + options.zeroStar().zeroSteps());
        }
        ProjectedGuidance projected = options.projected();
        if (projected != null) {
            parts.add(
                    Stream.of(projected.eta(), projected.norm(), projected.momentum())
                            .map(GuidanceText::text)
                            .collect(Collectors.joining(":", "apg=", "")));
        }
        if (options.perturbed() != null) {
            parts.add(text(options.perturbed()));
        }
        return parts.isEmpty() ? PLAIN : String.join("+", parts);
    }

    private static String text(PerturbedAttention perturbed) {
        String layers =
                perturbed.layers().stream().map(String::valueOf).collect(Collectors.joining(","));
        String steps = perturbed.steps().equals(StepShare.ALL) ? "" : "@" + text(perturbed.steps());
        return "pag=" + layers + "x" + text(perturbed.scale()) + steps;
    }

    private static String text(StepShare share) {
        return text(share.start()) + "-" + text(share.stop());
    }

    private static String text(double number) {
        return number == 0
                ? "0"
                : new BigDecimal(String.valueOf(number)).stripTrailingZeros().toPlainString();
    }
}
