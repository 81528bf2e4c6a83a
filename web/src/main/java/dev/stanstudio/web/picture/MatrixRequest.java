package dev.stanstudio.web.picture;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.pipeline.ImageInput;
import dev.stanstudio.sd3.pipeline.SamplingOptions;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Prompts × styles × methods × seeds, everything else alike.
 *
 * @param model name of the model
 * @param prompts at least one
 * @param styles words that are added to the prompts; empty for the prompts as they are, and an
 *     empty text for that among others
 * @param methods at least one
 * @param seeds at least one
 * @param negative what to keep away from
 * @param width in pixels
 * @param height in pixels
 * @param sampling steps, sampler and sigmas
 * @param image a picture to start from, or null
 * @param carried settings that the form has no fields for, or null; may be left out in JSON
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MatrixRequest(
        String model,
        List<String> prompts,
        List<String> styles,
        List<Method> methods,
        List<Long> seeds,
        String negative,
        int width,
        int height,
        SamplingOptions sampling,
        @Nullable ImageInput image,
        @Nullable Carried carried) {
    /** More at once is a mistake, or an attack. */
    public static final int MOST_PICTURES = 2_000;

    private static final int LONGEST_PROMPT = 5_000;
    private static final int LONGEST_STYLE = 200;

    /** Refuses orders that cannot be meant. */
    @JsonCreator
    public MatrixRequest {
        prompts = List.copyOf(prompts);
        styles = styles.isEmpty() ? List.of("") : List.copyOf(styles);
        methods = List.copyOf(methods);
        seeds = List.copyOf(seeds);
        Objects.requireNonNull(sampling, "sampling");
        require(!prompts.isEmpty(), "write at least one prompt, one per line");
        require(!methods.isEmpty(), "choose at least one method; None is the model alone");
        require(!seeds.isEmpty(), "give at least one seed");
        prompts.forEach(prompt -> limit("prompt", prompt, LONGEST_PROMPT));
        limit("negative prompt", negative, LONGEST_PROMPT);
        styles.forEach(style -> limit("style", style, LONGEST_STYLE));
        for (long seed : seeds) {
            require(seed >= 0, "a seed must not be negative: " + seed);
        }
        long count = (long) prompts.size() * styles.size() * methods.size() * seeds.size();
        require(
                count <= MOST_PICTURES,
                "that makes "
                        + count
                        + " pictures; at most "
                        + MOST_PICTURES
                        + " go into one matrix, so take fewer prompts, styles, methods or seeds");
    }

    /** An order of what the form has fields for. */
    public MatrixRequest(
            String model,
            List<String> prompts,
            List<String> styles,
            List<Method> methods,
            List<Long> seeds,
            String negative,
            int width,
            int height,
            SamplingOptions sampling,
            @Nullable ImageInput image) {
        this(
                model, prompts, styles, methods, seeds, negative, width, height, sampling, image,
                null);
    }

    private static void limit(String what, String text, int most) {
        require(
                text.length() <= most,
                "a "
                        + what
                        + " has "
                        + text.length()
                        + " characters; at most "
                        + most
                        + " are accepted");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new ArgumentException(otherwise);
        }
    }
}
