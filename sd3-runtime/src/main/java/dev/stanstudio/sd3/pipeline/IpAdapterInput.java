package dev.stanstudio.sd3.pipeline;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Decimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An IP-Adapter of a request with the pictures that it shows the transformer (diffusers
 * StableDiffusion3Pipeline, {@code ip_adapter_image}).
 *
 * @param path folder or file of the adapter
 * @param fingerprint identity of its weights and its image encoder's, or null before they are read
 * @param scale factor of what the attentions see of the pictures, 0 … 5; 0 is no adapter
 * @param pictures at least one; their tokens stand one after another
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record IpAdapterInput(
        String path, @Nullable String fingerprint, double scale, List<StylePicture> pictures) {
    /** The scale where none is given, as diffusers loads an adapter. */
    public static final double DEFAULT_SCALE = 0.5;

    private static final double MOST_SCALE = 5;

    /**
     * A picture for an adapter.
     *
     * @param path its file
     * @param sha256 hash of the file, or null before it is read
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record StylePicture(String path, @Nullable String sha256) {
        /** Refuses what is missing and what cannot be a path. */
        public StylePicture {
            Missing.refuse(path, "path of a picture for the IP-Adapter");
            PathText.check("a picture for the IP-Adapter", path);
        }
    }

    /** Refuses what cannot work. */
    public IpAdapterInput {
        Missing.refuse(path, "path of an IP-Adapter");
        PathText.check("an IP-Adapter", path);
        pictures = Missing.copy(pictures, "pictures for the IP-Adapter");
        if (pictures.isEmpty()) {
            throw new ArgumentException(
                    "the IP-Adapter %s needs a picture; name one with --style-image"
                            .formatted(path));
        }
        if (!(scale >= 0 && scale <= MOST_SCALE)) {
            throw new ArgumentException(
                    "the scale of the IP-Adapter %s must be 0 … %d, not %s"
                            .formatted(path, (long) MOST_SCALE, scale));
        }
    }

    /**
     * Reads {@code DIR} or {@code DIR=SCALE}; a path that exists may hold an equals sign itself.
     *
     * @param pictures files of the pictures
     * @throws ArgumentException if the scale is no number or out of range, or no picture is given
     */
    public static IpAdapterInput parse(String text, List<StylePicture> pictures) {
        return parse(text, pictures, Path.of(""));
    }

    /** Reads the same where paths begin at {@code folder}; so do those of the result. */
    public static IpAdapterInput parse(String text, List<StylePicture> pictures, Path folder) {
        PathText.check("an IP-Adapter", text);
        int equals = text.lastIndexOf('=');
        boolean scaled = equals > 0 && !Files.exists(folder.resolve(text));
        String path = scaled ? text.substring(0, equals) : text;
        double scale = scaled ? number(text, text.substring(equals + 1)) : DEFAULT_SCALE;
        return new IpAdapterInput(
                in(folder, path),
                null,
                scale,
                pictures.stream()
                        .map(one -> new StylePicture(in(folder, one.path()), one.sha256()))
                        .toList());
    }

    private static String in(Path folder, String path) {
        return folder.toString().isEmpty() ? path : folder.resolve(path).normalize().toString();
    }

    private static double number(String text, String value) {
        try {
            return Decimal.parse(value);
        } catch (NumberFormatException e) {
            throw new ArgumentException(
                    "the scale in %s must be a number, not '%s'".formatted(text, value), e);
        }
    }

    /** Returns the same adapter with other pictures. */
    public IpAdapterInput showing(List<StylePicture> others) {
        return new IpAdapterInput(path, fingerprint, scale, others);
    }

    /** Returns the same adapter at another path, such as the one that its name stands for. */
    public IpAdapterInput by(String other) {
        return new IpAdapterInput(other, fingerprint, scale, pictures);
    }

    /** Returns the same adapter with another scale. */
    public IpAdapterInput scaled(double other) {
        return new IpAdapterInput(path, fingerprint, other, pictures);
    }

    /** Returns the same input with the identities of what was read. */
    public IpAdapterInput identified(String weights, List<StylePicture> read) {
        return new IpAdapterInput(path, weights, scale, read);
    }
}
