package dev.stanstudio.pretrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.synth.SynthItem;
import dev.stanstudio.synth.paint.ArtStyle;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NanoDataTest {
    /** An adapter that learns one of them has everything to learn. */
    @Test
    void transformerNeverSeesUnseenStyles() {
        assertTrue(Collections.disjoint(NanoData.baseSpec().styles(), ArtStyle.unseen()));
        assertTrue(NanoData.baseSpec().styles().containsAll(ArtStyle.taught()));
    }

    @Test
    void heldOutPicturesShowTheStylesThatTheModelsKnow() {
        Set<String> taught = Set.copyOf(ArtStyle.taught().stream().map(ArtStyle::words).toList());
        assertEquals(taught, NanoData.heldOutByStyle(0).keySet());
    }

    @Test
    void unseenStyleIsDrawnWhenItsShareIsNamed() {
        PictureSource usual = NanoData.everyStyle(40, List.of(128), Map.of());
        PictureSource more = NanoData.everyStyle(40, List.of(128), Map.of(ArtStyle.NEON, 1_000));
        SynthItem neon = NanoData.heldOutItem(ArtStyle.NEON, 0);
        assertEquals("neon", neon.style().words());
        assertTrue(darkness(usual) < 0.3, "usual pictures are " + darkness(usual) + " dark");
        assertTrue(darkness(more) > 0.45, "neon pictures are " + darkness(more) + " dark");
    }

    @Test
    void sizesTakeTurns() {
        PictureSource source = NanoData.everyStyle(4, List.of(32, 64), Map.of());
        assertEquals(32, source.picture(2).width());
        assertEquals(64, source.picture(3).width());
    }

    /** The share of nearly black samples, which neon's walls are. */
    private static double darkness(PictureSource source) {
        long dark = 0;
        long all = 0;
        for (int i = 0; i < 40; i++) {
            for (byte sample : source.picture(i).samples()) {
                dark += (sample & 0xFF) < 40 ? 1 : 0;
                all++;
            }
        }
        return (double) dark / all;
    }
}
