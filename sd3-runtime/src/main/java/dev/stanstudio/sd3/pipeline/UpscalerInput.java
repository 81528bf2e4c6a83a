package dev.stanstudio.sd3.pipeline;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.stanstudio.base.ArgumentException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A network of a request that enlarges pictures.
 *
 * @param path its file
 * @param fingerprint identity of its weights, or null before they are read
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record UpscalerInput(String path, @Nullable String fingerprint) {
    private static final String SUFFIX = ".safetensors";

    /** Refuses what is missing and what cannot be a path. */
    public UpscalerInput {
        Missing.refuse(path, "path of an upscaler");
        if (path.isBlank()) {
            throw new ArgumentException("name the file of an upscaler");
        }
        PathText.check("an upscaler", path);
    }

    /** Returns an upscaler that is not read yet. */
    public static UpscalerInput of(String path) {
        return new UpscalerInput(path, null);
    }

    /** Returns the name of its file without the ending. */
    public String shown() {
        String name = String.valueOf(Path.of(path).getFileName());
        return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
    }

    /** Returns the same upscaler in another place. */
    public UpscalerInput by(String other) {
        return new UpscalerInput(other, fingerprint);
    }

    /** Returns the same upscaler with the identity of what was read. */
    UpscalerInput identified(String weights) {
        return new UpscalerInput(path, weights);
    }
}
