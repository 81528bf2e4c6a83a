package dev.stanstudio.synth.paint;

import dev.stanstudio.synth.draw.Contour;
import dev.stanstudio.synth.draw.Filler;
import dev.stanstudio.synth.draw.Raster;
import dev.stanstudio.synth.draw.Rgb;

/** Fills contours in plain colours on a finished picture: frames, seals, sparkles. */
final class Pen {
    private final Raster on;
    private final Filler filler;

    Pen(Raster on) {
        this.on = on;
        this.filler = new Filler(on.size());
    }

    /** Fills {@code contour}. */
    void fill(Contour contour, Rgb colour, double opacity) {
        filler.fill(contour, (i, x, y, share) -> on.lay(i, colour, (float) (share * opacity)));
    }

    /** Adds light within {@code contour}. */
    void shine(Contour contour, Rgb colour, double amount) {
        filler.fill(contour, (i, x, y, share) -> on.shine(i, colour, share * amount));
    }
}
