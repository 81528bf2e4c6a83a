package dev.stanstudio.adapter.analysis;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Objects;

/**
 * The features of one layer.
 *
 * @param layer path of the module
 * @param stream whose tokens it sees: image, text, or conditioning, which is one token
 * @param samples how many there were
 * @param kept k of the features that a token keeps; all of them for a low-rank adapter
 * @param dead features that no token kept
 * @param meanEntropy mean over the features that were active
 * @param features each of them
 */
@JsonNaming(SnakeCaseStrategy.class)
public record LayerStatistics(
        String layer,
        String stream,
        long samples,
        long kept,
        int dead,
        double meanEntropy,
        List<FeatureStatistics> features) {
    /** Keeps a copy of the list. */
    public LayerStatistics {
        features = List.copyOf(features);
    }

    /** A record with its summary computed. */
    static LayerStatistics of(
            String layer,
            String stream,
            long samples,
            long kept,
            List<FeatureStatistics> features) {
        return new LayerStatistics(
                layer,
                stream,
                samples,
                kept,
                (int) features.stream().filter(FeatureStatistics::dead).count(),
                features.stream()
                        .map(FeatureStatistics::entropy)
                        .filter(Objects::nonNull)
                        .mapToDouble(Double::doubleValue)
                        .average()
                        .orElse(0),
                features);
    }

    /** The path without what all share. */
    public String shortName() {
        return layer.replace("transformer_blocks.", "");
    }
}
