package dev.stanstudio.synth.paint;

import dev.stanstudio.synth.draw.Blur;
import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Raster;
import dev.stanstudio.synth.draw.Rgb;

/**
 * One coat of strokes over a picture: on a jittered grid, in random order, each along the flow
 * until it is long enough or leaves its colour (after Hertzmann, "Painterly rendering with curved
 * brush strokes of multiple sizes", 1998).
 *
 * @param spacing between strokes, all lengths as shares of the picture
 * @param tolerance colour distance at which a stroke ends
 * @param detail strokes are set only where the model differs from its blur by this much; 0
 *     everywhere
 */
record Strokes(
        double spacing,
        double length,
        double width,
        double opacity,
        double bristle,
        double tolerance,
        double detail) {
    private static final int MAX_POINTS = 9;

    /** Mixes the colour of one stroke. */
    interface Palette {
        Rgb mix(Rgb seen, Dice dice);
    }

    /** Strokes of the colours of {@code model}. */
    void paint(Brush brush, Raster model, Flow flow, Palette palette, Dice dice) {
        int cells = (int) Math.round(1 / spacing);
        int[] order = shuffled(cells * cells, dice);
        float[] busy = detail > 0 ? busyness(model) : new float[0];
        float[] points = new float[2 * MAX_POINTS];
        int size = model.size();
        for (int cell : order) {
            double x = (cell % cells + dice.unit()) / cells * size;
            double y = (Math.floorDiv(cell, cells) + dice.unit()) / cells * size;
            Rgb seen = model.near(x, y);
            Rgb colour = palette.mix(seen, dice);
            double jitter = 0.8 + 0.4 * dice.unit();
            if (detail > 0 && busy[((int) y) * size + (int) x] < detail) {
                continue;
            }
            int count = trace(points, model, flow, x, y, seen, jitter);
            brush.stroke(points, count, width * size * jitter, colour, opacity, bristle);
        }
    }

    private static int[] shuffled(int count, Dice dice) {
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            int j = dice.below(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    private static float[] busyness(Raster model) {
        float[] luma = model.lumas();
        float[] soft = luma.clone();
        Blur.gaussian(soft, model.size(), model.size() / 45.0);
        for (int i = 0; i < luma.length; i++) {
            soft[i] = Math.abs(luma[i] - soft[i]);
        }
        Blur.gaussian(soft, model.size(), model.size() / 90.0);
        return soft;
    }

    private int trace(
            float[] points, Raster model, Flow flow, double x, double y, Rgb seen, double jitter) {
        int size = model.size();
        double step = length * jitter * size / (MAX_POINTS - 1);
        double lastX = 0;
        double lastY = 0;
        int count = 0;
        while (count < MAX_POINTS) {
            points[2 * count] = (float) x;
            points[2 * count + 1] = (float) y;
            count++;
            if (count > 2 && model.near(x, y).distance(seen) > tolerance * tolerance) {
                break;
            }
            double angle = flow.angle(x, y);
            double dx = StrictMath.cos(angle);
            double dy = StrictMath.sin(angle);
            if (dx * lastX + dy * lastY < 0) {
                dx = -dx;
                dy = -dy;
            }
            x += dx * step;
            y += dy * step;
            lastX = dx;
            lastY = dy;
        }
        return count;
    }

    /** The seen colour with hue (degrees) and value wandering. */
    static Palette wandering(double hue, double value) {
        return (seen, dice) ->
                seen.turned(dice.between(-hue, hue)).times(1 + value * dice.between(-1, 1));
    }
}
