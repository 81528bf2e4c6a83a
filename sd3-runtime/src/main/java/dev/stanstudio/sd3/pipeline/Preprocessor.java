package dev.stanstudio.sd3.pipeline;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Decimal;
import dev.stanstudio.base.image.CannyEdges;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PillowBlur;
import dev.stanstudio.base.image.ResampleFilter;
import dev.stanstudio.base.image.Resampler;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes a control picture from the one given, which has the size of the request.
 *
 * @param kind what it does
 * @param numbers its settings, as many as the kind has
 */
public record Preprocessor(Kind kind, List<Double> numbers) {
    /** The kinds, with the settings that apply where none are given. */
    public enum Kind {
        /** The picture as it is. */
        NONE("none"),
        /** The picture as it is, which shows edges. */
        EDGES("edges"),
        /** Canny's edges; settings: the lower and the upper threshold of OpenCV's Canny. */
        CANNY("canny", new Setting(100, 0, 2040), new Setting(200, 0, 2040)),
        /** Pillow's GaussianBlur; setting: its radius in pixels. */
        BLUR("blur", new Setting(8, 0, 256)),
        /** A coarser picture at the same size; setting: by what it is reduced before. */
        TILE("tile", new Setting(4, 1, 64));

        private record Setting(double usual, double least, double most) {}

        private final String label;

        @SuppressWarnings("ImmutableEnumChecker") // Made by List.of.
        private final List<Setting> settings;

        Kind(String label, Setting... settings) {
            this.label = label;
            this.settings = List.of(settings);
        }

        /** Returns the name in options and on pages. */
        public String label() {
            return label;
        }

        /** Returns the settings that apply where none are given; empty where it has none. */
        public String usual() {
            return written(settings.stream().map(s -> s.usual).toList());
        }
    }

    /** The picture as it is. */
    public static final Preprocessor NONE = new Preprocessor(Kind.NONE, List.of());

    private static final Pattern TEXT = Pattern.compile("([a-z]+)(?:\\(([^()]*)\\))?");

    /** Refuses settings that are too many, or out of range. */
    public Preprocessor {
        numbers = List.copyOf(numbers);
        if (numbers.size() != kind.settings.size()) {
            throw new ArgumentException(
                    "%s has %d settings, not %d"
                            .formatted(kind.label, kind.settings.size(), numbers.size()));
        }
        for (int i = 0; i < numbers.size(); i++) {
            Kind.Setting setting = kind.settings.get(i);
            double value = numbers.get(i);
            if (!(value >= setting.least && value <= setting.most)) {
                throw new ArgumentException(
                        "a setting of %s must be %.0f … %.0f, not %s"
                                .formatted(kind.label, setting.least, setting.most, value));
            }
        }
    }

    /**
     * Reads {@code canny}, {@code canny(50,150)} and the like.
     *
     * @throws ArgumentException if it is none
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Preprocessor parse(String text) {
        return find(text)
                .orElseThrow(
                        () ->
                                new ArgumentException(
                                        "'%s' is no preprocessor; there are %s"
                                                .formatted(text, labels())));
    }

    /** The same; empty where no kind has that name. */
    static Optional<Preprocessor> find(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        return Arrays.stream(Kind.values())
                .filter(kind -> kind.label.equals(parts.group(1)))
                .findFirst()
                .map(kind -> of(kind, text, parts.group(2)));
    }

    private static Preprocessor of(Kind kind, String text, @Nullable String given) {
        if (given == null || given.isBlank()) {
            return new Preprocessor(kind, kind.settings.stream().map(s -> s.usual).toList());
        }
        try {
            return new Preprocessor(
                    kind, Arrays.stream(given.split(",", -1)).map(Decimal::parse).toList());
        } catch (NumberFormatException e) {
            throw new ArgumentException("'" + text + "' needs numbers in its brackets", e);
        }
    }

    private static String labels() {
        return Arrays.stream(Kind.values())
                .map(kind -> kind.label)
                .collect(Collectors.joining(", "));
    }

    /** Returns the control picture of an RGB picture. */
    public Picture prepare(Picture picture) {
        return switch (kind) {
            case NONE, EDGES -> picture;
            case CANNY -> CannyEdges.of(picture, numbers.get(0), numbers.get(1)).toRgb();
            case BLUR -> PillowBlur.blur(picture, numbers.get(0));
            case TILE -> coarse(picture, numbers.get(0));
        };
    }

    private static Picture coarse(Picture picture, double factor) {
        int width = (int) Math.max(1, Math.round(picture.width() / factor));
        int height = (int) Math.max(1, Math.round(picture.height() / factor));
        Picture small = Resampler.of(ResampleFilter.BOX).resize(picture, width, height);
        return Resampler.of(ResampleFilter.LANCZOS)
                .resize(small, picture.width(), picture.height());
    }

    /**
     * Returns the control picture of a file: turned upright, over white, resized as a request of
     * that size does it, and prepared.
     *
     * @throws dev.stanstudio.base.UserException if the file is no picture
     */
    public Picture prepare(Path file, int width, int height) {
        ImageInput input = new ImageInput(file.toString(), null, null, null, 1);
        return prepare(Pictures.prepare(input, width, height).picture());
    }

    /** Returns its settings as they are typed; empty where it has none. */
    public String settings() {
        return written(numbers);
    }

    private static String written(List<Double> numbers) {
        return numbers.stream()
                .map(n -> n == Math.rint(n) ? String.valueOf(n.longValue()) : n.toString())
                .collect(Collectors.joining(","));
    }

    /** Returns true if its picture shows edges. */
    boolean isOfEdges() {
        return kind == Kind.EDGES || kind == Kind.CANNY;
    }

    @Override
    @JsonValue
    public String toString() {
        return numbers.isEmpty() ? kind.label : kind.label + "(" + settings() + ")";
    }
}
