package dev.stanstudio.adapter.analysis;

import java.awt.Color;
import java.awt.Graphics2D;

/** One scatter with its colour scale: figure 3 of the STAN paper, or 4 for a low-rank adapter. */
record ScatterFigure(FeatureScatter scatter) implements Figure {
    private static final int CHART = 620;
    private static final int SCALE_WIDTH = 110;
    private static final int HEIGHT = 480;

    @Override
    public int width() {
        return CHART + SCALE_WIDTH;
    }

    @Override
    public int height() {
        return HEIGHT;
    }

    @Override
    public void paint(Graphics2D graphics) {
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, width(), height());
        Graphics2D own = (Graphics2D) graphics.create();
        scatter.chart(CHART, HEIGHT, false).paint(own, CHART, HEIGHT);
        own.dispose();
        FeatureScatter.paintScale(graphics, CHART + 20, 80, HEIGHT - 160, scatter.mostEntropy());
    }
}
