package dev.stanstudio.synth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.paint.ArtStyle;
import dev.stanstudio.synth.scene.SceneKind;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SynthCollectionTest {
    private static final SynthSpec SMALL =
            new SynthSpec(64, List.of(SceneKind.values()), List.of(ArtStyle.values()));

    @Test
    void givesTheSameBytesInEveryThread() {
        SynthCollection collection = new SynthCollection(SMALL);
        List<SynthItem> alone =
                IntStream.range(0, 40).mapToObj(i -> collection.item(9, i)).toList();
        List<SynthItem> together =
                IntStream.range(0, 40).parallel().mapToObj(i -> collection.item(9, i)).toList();
        assertEquals(alone, together);
        assertNotEquals(alone.get(0).picture(), collection.item(10, 0).picture());
        assertEquals(40, alone.stream().map(SynthItem::picture).distinct().count());
    }

    /** A change of these hashes changes every data set: raise SynthFolder's generator with it. */
    @Test
    void givesTheRecordedBytes() throws IOException, NoSuchAlgorithmException {
        TreeMap<String, String> now = new TreeMap<>();
        for (ArtStyle style : ArtStyle.values()) {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            for (SceneKind kind : SceneKind.values()) {
                sha.update(
                        style.paint(kind.depict(Dice.of(1, kind.id().length())).scene(), 64, 2)
                                .samples());
            }
            now.put(style.id(), HexFormat.of().formatHex(sha.digest()));
        }
        Properties recorded = new Properties();
        try (InputStream in = getClass().getResourceAsStream("synth-sha256.properties")) {
            recorded.load(Objects.requireNonNull(in));
        }
        TreeMap<String, String> expected = new TreeMap<>();
        recorded.forEach((key, value) -> expected.put(key.toString(), value.toString()));
        assertEquals(expected, now);
    }

    /** The built-in models' pictures stay what they were when a style is added. */
    @Test
    void drawsUnseenStylesOnlyWhenAsked() {
        assertEquals(ArtStyle.taught(), SynthSpec.all().styles());
        assertEquals(23, ArtStyle.taught().size());
        assertEquals(12, ArtStyle.unseen().size());
    }

    @ParameterizedTest
    @EnumSource
    void paintsEverySceneInEveryStyle(ArtStyle style) {
        for (SceneKind kind : SceneKind.values()) {
            Picture picture =
                    style.paint(kind.depict(Dice.of(3, kind.id().length())).scene(), 64, 4);
            assertEquals(64, picture.width());
            assertTrue(spread(picture) > 12, () -> style + " of " + kind + " is nearly blank");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 128, 256})
    void paintsEveryStyleAtOtherSizes(int size) {
        int turn = 0;
        for (ArtStyle style : ArtStyle.values()) {
            SceneKind kind = List.of(SceneKind.values()).get(turn++ % SceneKind.values().length);
            Picture picture = style.paint(kind.depict(Dice.of(3, 1)).scene(), size, 4);
            assertEquals(size, picture.height());
            assertTrue(spread(picture) > 8, () -> style + " at " + size + " is nearly blank");
        }
    }

    /** Mean distance of the samples from their mean. */
    private static double spread(Picture picture) {
        byte[] samples = picture.samples();
        double mean = 0;
        for (byte sample : samples) {
            mean += (double) (sample & 0xFF) / samples.length;
        }
        double spread = 0;
        for (byte sample : samples) {
            spread += Math.abs((sample & 0xFF) - mean) / samples.length;
        }
        return spread;
    }

    @Test
    void keepsTheContentWhenStyleOrSizeChanges() {
        SynthCollection small = new SynthCollection(SMALL);
        SynthCollection large =
                new SynthCollection(new SynthSpec(128, SMALL.scenes(), List.of(ArtStyle.WOODCUT)));
        SynthItem plain = small.item(4, 7, ArtStyle.PLAIN);
        SynthItem cut = large.item(4, 7);
        assertEquals(plain.content(), cut.content());
        assertEquals(plain.attributes(), cut.attributes());
        assertEquals(plain.content(), plain.caption());
        assertEquals(plain.content() + ", in the style of woodcut", cut.caption());
    }

    @Test
    void refusesSpecsItCannotDraw() {
        List<SceneKind> scenes = List.of(SceneKind.CAT);
        List<ArtStyle> styles = List.of(ArtStyle.PLAIN);
        assertThrows(IllegalArgumentException.class, () -> new SynthSpec(100, scenes, styles));
        assertThrows(IllegalArgumentException.class, () -> new SynthSpec(2048, scenes, styles));
        assertThrows(IllegalArgumentException.class, () -> new SynthSpec(64, List.of(), styles));
        assertThrows(IllegalArgumentException.class, () -> new SynthSpec(64, scenes, List.of()));
    }
}
