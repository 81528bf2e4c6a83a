package dev.stanstudio.web.grid;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.KebabCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds the keys of a grid's YAML file. What is null is not there.
 *
 * @param model path or name
 * @param pairs a list of pairs, or the name of a preset
 * @param styles styles to multiply with the contents
 * @param contents contents of the prompts
 * @param template prompt of a pair with {content} and {style}
 * @param adapters an adapter's path, or a list of them, by method
 * @param seeds numbers and ranges, as a list or as a text
 * @param steps sampling steps
 * @param guidance weight of guidance
 * @param width in pixels
 * @param height in pixels
 * @param negativePrompt text that guidance leads away from
 * @param axes values by the name of the setting that varies
 * @param choices whether {a|b} and __name__ in prompts are choices
 * @param control a control network with its picture as {@code generate --control} takes it, or a
 *     list of them, for all pictures, or either by method
 * @param references an IP-Adapter with pictures, by method
 * @param training label of the training that the adapters are of, the same for all methods
 * @param hires a second pass as {@code generate --hires} takes it
 * @param upscale an upscaler as {@code generate --upscale} takes it
 * @param promptSyntax what brackets in prompts mean: plain or weighted
 * @param image a picture that all start from
 */
@JsonNaming(KebabCaseStrategy.class)
record GridYaml(
        @Nullable String model,
        @Nullable JsonNode pairs,
        @Nullable List<String> styles,
        @Nullable List<String> contents,
        @Nullable String template,
        @Nullable JsonNode adapters,
        @Nullable JsonNode seeds,
        @Nullable Integer steps,
        @Nullable Double guidance,
        @Nullable Integer width,
        @Nullable Integer height,
        @Nullable String negativePrompt,
        @Nullable JsonNode axes,
        @Nullable Boolean choices,
        @Nullable JsonNode control,
        @Nullable JsonNode references,
        @Nullable String training,
        @Nullable String hires,
        @Nullable String upscale,
        @Nullable String promptSyntax,
        @Nullable JsonNode image) {}
