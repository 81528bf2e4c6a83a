package dev.stanstudio.adapter.analysis;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Statistics of one feature over a collection (STAN paper, appendix F).
 *
 * @param feature its number
 * @param frequency share of the samples on which it is active (eq. 18)
 * @param mean activation where it is active (eq. 19); null where it never is
 * @param entropy of the label distribution in nats (eq. 20–21): 0 for one style alone, log of the
 *     number of styles for all alike; null where it is never active
 * @param shares share of its activation by style, in the order of the analysis (eq. 20)
 * @param pictures pictures in which at least one token activates it
 * @param dead whether no token ever kept it
 * @param top the pictures that activate it most, strongest first
 * @param nearest the feature whose decoder direction is most like its own; null where there is one
 * @param cosine of both directions
 */
@JsonNaming(SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.ALWAYS)
public record FeatureStatistics(
        int feature,
        double frequency,
        @Nullable Double mean,
        @Nullable Double entropy,
        List<Double> shares,
        int pictures,
        boolean dead,
        List<TopPicture> top,
        @Nullable Integer nearest,
        @Nullable Double cosine) {
    /**
     * A picture and how strongly it activates a feature.
     *
     * @param picture its number in the analysis
     * @param mean activation over its tokens and noise levels
     */
    public record TopPicture(int picture, double mean) {}

    /** Keeps copies of the lists. */
    public FeatureStatistics {
        shares = List.copyOf(shares);
        top = List.copyOf(top);
    }

    /** Number of the style with the largest share. */
    public int mainStyle() {
        int best = 0;
        for (int i = 1; i < shares.size(); i++) {
            if (shares.get(i) > shares.get(best)) {
                best = i;
            }
        }
        return best;
    }
}
