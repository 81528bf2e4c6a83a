package dev.stanstudio.adapter.analysis;

import dev.stanstudio.adapter.analysis.FeatureScatter.Bounds;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.util.List;

/**
 * Several layers side by side (STAN paper, figure 32): the scatter of each, and to its right a bar
 * for the mean activation of every feature.
 *
 * @param layers which
 * @param mostEntropy end of the colour scale
 */
record LayersFigure(List<LayerStatistics> layers, double mostEntropy) implements Figure {
    private static final int COLUMNS = 3;
    private static final int PANEL = 330;
    private static final int BARS = 90;
    private static final int GAP = 16;
    private static final int HEIGHT = 290;
    private static final int SCALE_WIDTH = 110;
    private static final Color YELLOW = new Color(240, 190, 40);

    LayersFigure {
        layers = List.copyOf(layers);
    }

    private int columns() {
        return Math.min(COLUMNS, layers.size());
    }

    @Override
    public int width() {
        return columns() * (PANEL + BARS + GAP) + SCALE_WIDTH;
    }

    @Override
    public int height() {
        return (layers.size() + COLUMNS - 1) / COLUMNS * HEIGHT;
    }

    @Override
    public void paint(Graphics2D graphics) {
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, width(), height());
        for (int i = 0; i < layers.size(); i++) {
            int x = i % COLUMNS * (PANEL + BARS + GAP);
            int y = i / COLUMNS * HEIGHT;
            LayerStatistics layer = layers.get(i);
            Bounds bounds = Bounds.of(layer.features());
            Graphics2D own = (Graphics2D) graphics.create();
            own.translate(x, y);
            new FeatureScatter(layer.shortName(), "", layer.features(), mostEntropy, bounds)
                    .chart(PANEL, HEIGHT, true)
                    .paint(own, PANEL, HEIGHT);
            own.dispose();
            paintBars(graphics, layer.features(), x + PANEL, y);
        }
        int x = columns() * (PANEL + BARS + GAP) + 16;
        FeatureScatter.paintScale(graphics, x, 60, HEIGHT - 110, mostEntropy);
    }

    /** A bar for each feature from the top down, as long as its mean activation. */
    private static void paintBars(
            Graphics2D graphics, List<FeatureStatistics> features, int x, int y) {
        int top = y + 34;
        int height = HEIGHT - 88;
        double most =
                features.stream().mapToDouble(f -> f.mean() == null ? 0 : f.mean()).max().orElse(0);
        graphics.setColor(YELLOW);
        double step = height / (double) features.size();
        for (int i = 0; i < features.size() && most > 0; i++) {
            Double mean = features.get(i).mean();
            double length = mean == null ? 0 : mean / most * BARS;
            graphics.fill(
                    new java.awt.geom.Rectangle2D.Double(
                            x, top + i * step, length, Math.max(0.5, step * 0.85)));
        }
        graphics.setColor(Color.DARK_GRAY);
        graphics.drawLine(x, top, x, top + height);
        graphics.drawLine(x, top + height, x + BARS, top + height);
        graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 9));
        graphics.drawString("mean activation", x + 4, top + height + 24);
        graphics.drawString("0", x - 2, top + height + 12);
        String end = String.format(java.util.Locale.ROOT, "%.2g", most);
        graphics.drawString(end, x + BARS - 18, top + height + 12);
    }
}
