package dev.stanstudio.web.adapters;

import dev.stanstudio.adapter.analysis.AnalysisFolder;
import dev.stanstudio.adapter.analysis.FeatureAnalysis;
import dev.stanstudio.adapter.analysis.FeatureStatistics;
import dev.stanstudio.adapter.analysis.LayerStatistics;
import dev.stanstudio.web.server.PageException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A feature as its page shows it.
 *
 * @param adapter name of the adapter
 * @param layerNumber number of its layer in the analysis
 */
public record FeatureView(
        String adapter,
        AnalysisFolder folder,
        int layerNumber,
        LayerStatistics layer,
        FeatureStatistics feature) {
    private static final int MOST_SHARES = 8;

    /** A style and its share of the activation. */
    public record Share(String style, double part) {
        /** Formats the share, as {@code 62 %}. */
        public String percent() {
            return String.format(Locale.ROOT, "%.0f %%", 100 * part);
        }

        /** Returns the width of its bar, of 100. */
        public String width() {
            return String.format(Locale.ROOT, "%.1f", 100 * part);
        }
    }

    /**
     * Returns the feature {@code id}.
     *
     * @param id as in {@link Scatter.Point#id()}
     * @throws PageException with status 404 if there is none
     */
    static FeatureView of(String adapter, AnalysisFolder folder, String id) {
        if (!id.matches("\\d{1,6}-\\d{1,6}")) {
            throw PageException.missing("there is no such feature");
        }
        int layer = Integer.parseInt(id.substring(0, id.indexOf('-')));
        int number = Integer.parseInt(id.substring(id.indexOf('-') + 1));
        List<LayerStatistics> layers = folder.analysis().layers();
        if (layer >= layers.size() || number >= layers.get(layer).features().size()) {
            throw PageException.missing("there is no such feature");
        }
        LayerStatistics own = layers.get(layer);
        return new FeatureView(adapter, folder, layer, own, own.features().get(number));
    }

    /** Returns its name in paths. */
    public String id() {
        return layerNumber + "-" + feature.feature();
    }

    /** Returns the path of its page. */
    public String address() {
        return "/adapters/" + adapter + "/features/" + id();
    }

    /** Returns the path of another feature of the layer. */
    public String address(int other) {
        return "/adapters/" + adapter + "/features/" + layerNumber + "-" + other;
    }

    /** Returns its name for people. */
    public String title() {
        return layer.shortName() + " : " + feature.feature();
    }

    /** Returns whether any picture activates it. */
    public boolean active() {
        return feature.mean() != null;
    }

    /** Returns the style with the largest share. */
    public String style() {
        return analysis().styles().get(feature.mainStyle());
    }

    /** Returns the styles with the largest shares. */
    public List<Share> shares() {
        return IntStream.range(0, feature.shares().size())
                .mapToObj(i -> new Share(analysis().styles().get(i), feature.shares().get(i)))
                .sorted(Comparator.comparingDouble(Share::part).reversed())
                .limit(MOST_SHARES)
                .toList();
    }

    /** Describes its activation in a sentence. */
    public String sentence() {
        if (!active()) {
            return "No picture of the analysis activates this feature.";
        }
        Share first = shares().get(0);
        return "%s of its activation is on %s, %s times an even share among %s styles."
                .formatted(
                        first.percent(),
                        first.style(),
                        Math.round(feature.shares().size() * first.part() * 10) / 10.0,
                        feature.shares().size());
    }

    /** Formats a number for people. */
    public static String number(double value) {
        return Scatter.number(value);
    }

    /** Formats the entropy and its maximum. */
    public String entropy() {
        Double entropy = feature.entropy();
        return entropy == null
                ? "–"
                : String.format(
                        Locale.ROOT, "%.2f of %.2f", entropy, Math.log(analysis().styles().size()));
    }

    private FeatureAnalysis analysis() {
        return folder.analysis();
    }
}
