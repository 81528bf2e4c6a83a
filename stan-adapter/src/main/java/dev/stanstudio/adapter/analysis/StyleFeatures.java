package dev.stanstudio.adapter.analysis;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The features that belong most to one style, and as many others of the same layers to compare them
 * with.
 *
 * @param own those with the largest share of the style (STAN paper, eq. 20)
 * @param others active features, drawn at random
 */
public record StyleFeatures(List<Chosen> own, List<Chosen> others) {
    /**
     * A feature, and how much of the style's activation it carries.
     *
     * @param layer path of the module
     * @param feature its number
     * @param activation mean of the activation over the style's samples, 0 where it is not kept
     */
    public record Chosen(String layer, int feature, double activation) {}

    /** Keeps copies of the lists. */
    public StyleFeatures {
        own = List.copyOf(own);
        others = List.copyOf(others);
    }

    /**
     * Chooses {@code share} of all features of image tokens. Features that are active in less than
     * half as many pictures as a style has are left out, so that one seen once does not win, and of
     * a layer at most half of the rest are taken, so that as many others remain.
     *
     * @param style number of the style in the analysis
     * @param share in (0, 0.5]
     * @param seed of the other features
     */
    public static StyleFeatures of(FeatureAnalysis analysis, int style, double share, long seed) {
        List<FeatureAnalysis.Specific> candidates = candidates(analysis);
        candidates.sort(
                Comparator.comparingDouble(
                                (FeatureAnalysis.Specific one) -> one.feature().shares().get(style))
                        .reversed());
        Map<String, Integer> room = new HashMap<>();
        candidates.forEach(one -> room.merge(one.layer().layer(), 1, Integer::sum));
        room.replaceAll((layer, active) -> active / 2);
        int count = (int) Math.round(share * total(analysis));
        Map<String, Integer> wanted = new HashMap<>();
        List<Chosen> own = new ArrayList<>();
        List<FeatureAnalysis.Specific> rest = new ArrayList<>();
        for (FeatureAnalysis.Specific one : candidates) {
            String layer = one.layer().layer();
            if (own.size() < count && wanted.getOrDefault(layer, 0) < room.getOrDefault(layer, 0)) {
                own.add(chosen(analysis, one, style));
                wanted.merge(layer, 1, Integer::sum);
            } else {
                rest.add(one);
            }
        }
        Collections.shuffle(rest, new Random(seed * 1_000_003 + style));
        List<Chosen> others = new ArrayList<>();
        for (FeatureAnalysis.Specific one : rest) {
            if (wanted.merge(one.layer().layer(), -1, Integer::sum) >= 0) {
                others.add(chosen(analysis, one, style));
            }
        }
        return new StyleFeatures(own, others);
    }

    private static int total(FeatureAnalysis analysis) {
        return analysis.layers().stream()
                .filter(layer -> layer.stream().equals(FeatureAnalysis.IMAGE))
                .mapToInt(layer -> layer.features().size())
                .sum();
    }

    private static List<FeatureAnalysis.Specific> candidates(FeatureAnalysis analysis) {
        int enough = analysis.enoughPictures();
        List<FeatureAnalysis.Specific> candidates = new ArrayList<>();
        for (LayerStatistics layer : analysis.layers()) {
            if (layer.stream().equals(FeatureAnalysis.IMAGE)) {
                layer.features().stream()
                        .filter(feature -> feature.mean() != null)
                        .filter(feature -> feature.pictures() >= enough)
                        .map(feature -> new FeatureAnalysis.Specific(layer, feature))
                        .forEach(candidates::add);
            }
        }
        return candidates;
    }

    /** Shares are of sums over samples, of which each style has its pictures' part. */
    private static Chosen chosen(
            FeatureAnalysis analysis, FeatureAnalysis.Specific one, int style) {
        FeatureStatistics feature = one.feature();
        Double mean = feature.mean();
        int all = analysis.pictures().stream().mapToInt(Integer::intValue).sum();
        double part = (double) analysis.pictures().get(style) / all;
        double whole = mean == null ? 0 : feature.frequency() * mean;
        return new Chosen(
                one.layer().layer(), feature.feature(), whole * feature.shares().get(style) / part);
    }

    /** Returns the sum of the activations of {@code features}. */
    public static double activation(List<Chosen> features) {
        return features.stream().mapToDouble(Chosen::activation).sum();
    }
}
