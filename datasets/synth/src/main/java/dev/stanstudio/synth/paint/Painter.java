package dev.stanstudio.synth.paint;

import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Raster;
import dev.stanstudio.synth.scene.Scene;

/** The hand of one style. Stateless, so that threads may share it. */
interface Painter {
    /** Paints {@code scene} on {@code size} × {@code size} pixels; accidents come from the dice. */
    Raster paint(Scene scene, int size, Dice dice);
}
