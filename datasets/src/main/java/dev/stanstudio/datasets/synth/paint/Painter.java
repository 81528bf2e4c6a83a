package dev.stanstudio.datasets.synth.paint;

import dev.stanstudio.datasets.synth.draw.Dice;
import dev.stanstudio.datasets.synth.draw.Raster;
import dev.stanstudio.datasets.synth.scene.Scene;

/** The hand of one style. Stateless, so that threads may share it. */
interface Painter {
    /** Paints {@code scene} on {@code size} × {@code size} pixels; accidents come from the dice. */
    Raster paint(Scene scene, int size, Dice dice);
}
