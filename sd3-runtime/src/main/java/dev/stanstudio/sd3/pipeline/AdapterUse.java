package dev.stanstudio.sd3.pipeline;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.stanstudio.datasets.ArgumentException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * An adapter that a request uses.
 *
 * @param path its folder or file
 * @param sha256 hash of its tensors' file, or null when it is not known yet
 * @param weight how strongly it counts: 1 as trained, 0 not at all; may be negative
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AdapterUse(String path, @Nullable String sha256, double weight) {
    /** Refuses a weight that is not finite and a path that cannot be one. */
    public AdapterUse {
        Missing.refuse(path, "path of an adapter");
        PathText.check("an adapter", path);
        if (!Double.isFinite(weight)) {
            throw new ArgumentException(
                    "the weight of " + path + " must be a number, not " + weight);
        }
    }

    /**
     * Reads {@code PATH} or {@code PATH=WEIGHT}; a path that exists may hold an equals sign itself.
     *
     * @throws ArgumentException if the weight is no number
     */
    public static AdapterUse parse(String text) {
        PathText.check("an adapter", text);
        int equals = text.lastIndexOf('=');
        if (equals <= 0 || Files.exists(Path.of(text))) {
            return new AdapterUse(text, null, 1);
        }
        String number = text.substring(equals + 1);
        try {
            double weight = Double.parseDouble(number);
            if (Double.isFinite(weight)) {
                return new AdapterUse(text.substring(0, equals), null, weight);
            }
        } catch (NumberFormatException e) {
            throw new ArgumentException(refusal(text, number), e);
        }
        throw new ArgumentException(refusal(text, number));
    }

    private static String refusal(String text, String number) {
        return "the weight in " + text + " must be a number, not '" + number + "'";
    }

    /** The adapter's folder or file. */
    public Path toPath() {
        return Path.of(path);
    }
}
