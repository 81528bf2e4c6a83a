package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Decimal;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads and writes a hires pass as people type it. */
final class HiresText {
    private static final String FORM =
            "SCALE[,strength=S][,steps=N][,by=latent|latent-nearest|latent-bicubic|picture|UPSCALER]";
    private static final String BY = "by=";

    private final String text;
    private double strength = ImageInput.DEFAULT_STRENGTH;
    private @Nullable Integer steps;

    private HiresText(String text) {
        this.text = text;
    }

    static HiresPass read(String text) {
        return new HiresText(text.strip()).read();
    }

    private HiresPass read() {
        int by = text.indexOf("," + BY);
        String way = by < 0 ? Enlarging.LATENT.label() : text.substring(by + 1 + BY.length());
        String[] parts = (by < 0 ? text : text.substring(0, by)).split(",", -1);
        Set<String> seen = new HashSet<>();
        for (int i = 1; i < parts.length; i++) {
            String[] sides = parts[i].strip().split("=", 2);
            if (sides.length != 2 || !seen.add(sides[0])) {
                throw unreadable();
            }
            set(sides[0], sides[1]);
        }
        double scale = number(parts[0]);
        return Enlarging.find(way)
                .map(named -> new HiresPass(scale, strength, steps, named, null))
                .orElseGet(() -> byFile(scale, way.strip()));
    }

    private HiresPass byFile(double scale, String way) {
        if (way.isEmpty() || way.equals(Enlarging.UPSCALER.label())) {
            throw unreadable();
        }
        return new HiresPass(scale, strength, steps, Enlarging.UPSCALER, UpscalerInput.of(way));
    }

    private void set(String name, String value) {
        switch (name) {
            case "strength" -> strength = number(value);
            case "steps" -> steps = whole(value);
            default -> throw unreadable();
        }
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

    private ArgumentException unreadable() {
        return new ArgumentException(
                "the hires pass '%s' is not of the form %s".formatted(text, FORM));
    }

    static String write(double scale, double strength, @Nullable Integer steps, String way) {
        String length = steps == null ? "" : ",steps=" + steps;
        return plain(scale) + ",strength=" + plain(strength) + length + "," + BY + way;
    }

    private static String plain(double number) {
        return new BigDecimal(String.valueOf(number)).stripTrailingZeros().toPlainString();
    }
}
