package dev.stanstudio.web.adapters;

import dev.stanstudio.adapter.analysis.FeatureAnalysis;
import dev.stanstudio.adapter.analysis.LayerStatistics;
import dev.stanstudio.web.server.FormValues;
import dev.stanstudio.web.server.Frame;
import dev.stanstudio.web.server.View;
import java.util.List;

/** Holds the views of the explorer of an adapter's features. */
public final class ExplorerViews {
    private ExplorerViews() {}

    /** The form that begins an analysis. */
    public record FormPage(
            Frame frame,
            String name,
            FormValues form,
            List<String> collections,
            String perStyle,
            String problem)
            implements View {
        @Override
        public String template() {
            return "features/analyse.jte";
        }
    }

    /**
     * The chart of features.
     *
     * @param name the adapter's
     * @param layer the chosen layer; empty for all
     * @param style the chosen style; empty for any
     */
    public record Chart(Scatter scatter, String name, String layer, String style) implements View {
        @Override
        public String template() {
            return "features/scatter.jte";
        }

        /** Returns whether not every feature can be pointed at. */
        public boolean filtered() {
            return !layer.isEmpty() || !style.isEmpty();
        }
    }

    /**
     * The page of an adapter's features.
     *
     * @param layers layers to choose from
     * @param specific the most specific features of each style
     * @param whole whether all layers can be shown at once
     */
    public record ListPage(
            Frame frame,
            FeatureAnalysis analysis,
            List<LayerStatistics> layers,
            List<FeatureView> specific,
            Chart chart,
            boolean whole)
            implements View {
        @Override
        public String template() {
            return "features/explorer.jte";
        }
    }

    /** The page of one feature. */
    public record FeaturePage(Frame frame, FeatureView feature) implements View {
        @Override
        public String template() {
            return "features/feature.jte";
        }
    }

    /** The card of a feature, beside the chart. */
    public record Card(FeatureView feature) implements View {
        @Override
        public String template() {
            return "features/card.jte";
        }
    }
}
