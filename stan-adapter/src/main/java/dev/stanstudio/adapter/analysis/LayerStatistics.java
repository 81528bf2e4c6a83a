package dev.stanstudio.adapter.analysis;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Objects;

/**
 * The features of one layer.
 *
 * @param layer path of the module
 * @param stream the tokens that it reads: image, text, or conditioning, which is one token
 * @param samples the number of samples
 * @param kept k, the number of features that top-k selects for a token; all of them for a low-rank
 *     adapter
 * @param dead the number of features that top-k selected for no token
 * @param meanEntropy mean entropy of the features that were active
 * @param features the statistics of each
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

    /** Computes the summary of {@code features}. */
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

    /** The path without the prefix that all blocks share. */
    public String shortName() {
        return layer.replace("transformer_blocks.", "");
    }
}
