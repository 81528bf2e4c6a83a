package dev.stanstudio.synth.paint;

import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Raster;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.scene.Scene;
import java.util.Arrays;

/** A game of the eighties: 32 × 32 large pixels in twenty colours, mixed as a checkerboard. */
final class PixelArt implements Painter {
    private static final int CELLS = 32;
    private static final double MIXED = 0.05;
    private static final Rgb[] PALETTE =
            colours(
                    0x101018, 0x3B3B4F, 0x7A7A8C, 0xBFC0CC, 0xF8F8F0, 0x5B1E2E, 0xC8313C, 0xF0785A,
                    0xF6B48A, 0x6B3A1E, 0xB86F2C, 0xF2B233, 0xF8E36B, 0x1E4A2C, 0x3C9A44, 0x94D05A,
                    0x17306E, 0x2F6FD0, 0x6CC3EE, 0x6A3A94);

    @Override
    public Raster paint(Scene scene, int size, Dice dice) {
        Raster model = Renderer.render(scene, size, Look.PLAIN).colour();
        Effects.spread(model);
        Effects.map(model, c -> c.saturate(1.2).clipped());
        Regions cells = Regions.squares(model, CELLS);
        Rgb[] chosen = new Rgb[CELLS * CELLS];
        for (int k = 0; k < chosen.length; k++) {
            boolean odd = (k % CELLS + Math.floorDiv(k, CELLS)) % 2 == 1;
            chosen[k] = nearest(cells.mean(k).lighter(odd ? MIXED : -MIXED));
        }
        Raster out = new Raster(size);
        for (int i = 0; i < out.pixels(); i++) {
            out.set(i, chosen[cells.at(i)]);
        }
        return out;
    }

    private static Rgb nearest(Rgb seen) {
        Rgb best = PALETTE[0];
        for (Rgb colour : PALETTE) {
            if (colour.distance(seen) < best.distance(seen)) {
                best = colour;
            }
        }
        return best;
    }

    private static Rgb[] colours(int... hex) {
        return Arrays.stream(hex).mapToObj(Rgb::of).toArray(Rgb[]::new);
    }
}
