package dev.stanstudio.adapter.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.adapter.analysis.StyleFeatures.Chosen;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Checks the choice of a style's features and of those to compare them with. */
class StyleFeaturesTest {
    private static final int FEATURES = 20;

    /** Feature i of both layers has i/40 of its activation in style 0; number 19 is seen once. */
    private static FeatureAnalysis analysis() {
        List<LayerStatistics> layers = new ArrayList<>();
        for (String layer : List.of("a", "b")) {
            List<FeatureStatistics> features =
                    IntStream.range(0, FEATURES).mapToObj(StyleFeaturesTest::feature).toList();
            layers.add(new LayerStatistics(layer, "image", 80, 4, 0, 0.5, features));
        }
        layers.add(new LayerStatistics("c", "text", 80, 4, 0, 0.5, List.of(feature(18))));
        return new FeatureAnalysis(
                "stan",
                "00",
                "model",
                "token",
                "kept and above 0",
                ReadWay.GENERATION.label(),
                List.of(0.5),
                List.of("baroque", "woodcut"),
                List.of(8, 8),
                layers);
    }

    private static FeatureStatistics feature(int number) {
        double share = number / 40.0;
        int pictures = number == FEATURES - 1 ? 1 : 8;
        return new FeatureStatistics(
                number,
                0.25,
                2.0,
                0.5,
                List.of(share, 1 - share),
                pictures,
                false,
                List.of(),
                0,
                0.0);
    }

    @Test
    void thoseWithTheLargestShareAreChosenAndOneSeenOnceIsNot() {
        StyleFeatures chosen = StyleFeatures.of(analysis(), 0, 0.1, 1);
        assertEquals(List.of(18, 18, 17, 17), chosen.own().stream().map(Chosen::feature).toList());
        StyleFeatures other = StyleFeatures.of(analysis(), 1, 0.1, 1);
        assertEquals(List.of(0, 0, 1, 1), other.own().stream().map(Chosen::feature).toList());
    }

    @Test
    void asManyOthersComeFromTheSameLayers() {
        StyleFeatures chosen = StyleFeatures.of(analysis(), 0, 0.4, 1);
        assertEquals(16, chosen.own().size());
        assertEquals(counts(chosen.own()), counts(chosen.others()));
        Set<Chosen> both = new HashSet<>(chosen.own());
        both.addAll(chosen.others());
        assertEquals(32, both.size(), "none is in both");
        assertTrue(both.stream().noneMatch(one -> one.layer().equals("c")), "text is left out");
        assertEquals(18, StyleFeatures.of(analysis(), 0, 0.5, 1).others().size());
    }

    private static List<Long> counts(List<Chosen> features) {
        return List.of(
                features.stream().filter(one -> one.layer().equals("a")).count(),
                features.stream().filter(one -> one.layer().equals("b")).count());
    }

    @Test
    void activationIsTheMeanOverTheStylesSamples() {
        // Half the samples are the style's: sums 0.25 * 2 * 18/40 over all are twice that over its
        // own.
        Chosen first = StyleFeatures.of(analysis(), 0, 0.1, 1).own().get(0);
        assertEquals(0.25 * 2 * 18 / 40 * 2, first.activation(), 1e-12);
    }
}
