package dev.stanstudio.scoring.score;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.stanstudio.scoring.vision.EmbedderId;
import org.jspecify.annotations.Nullable;

/**
 * Defines a metric, with everything that its numbers depend on besides the pictures.
 *
 * @param metric its name
 * @param formula what is computed
 * @param pairing what is compared with what
 * @param better larger, smaller or neither
 * @param text which text is compared, for metrics that read one
 * @param model what people call the network
 * @param fingerprint of the network's weights
 * @param network its architecture and every number that changes its results
 * @param precision the type it computed in
 * @param preprocessing what is done to a picture before
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Definition(
        String metric,
        String formula,
        String pairing,
        String better,
        @Nullable String text,
        String model,
        String fingerprint,
        String network,
        String precision,
        String preprocessing) {
    static Definition of(
            String metric,
            String formula,
            String pairing,
            String better,
            @Nullable String text,
            EmbedderId made) {
        return new Definition(
                metric,
                formula,
                pairing,
                better,
                text,
                made.tower().name(),
                made.tower().fingerprint(),
                made.tower().network(),
                made.tower().precision(),
                made.preprocessing());
    }
}
