package dev.stanstudio.datasets.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.datasets.collection.StyleCollection;
import dev.stanstudio.datasets.importer.CollectionImport;
import dev.stanstudio.datasets.importer.ImportOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class SampleSetTest {
    @TempDir private Path temp;
    private Path folder;

    @BeforeEach
    void collection() throws IOException {
        Path in = temp.resolve("in");
        draw(in.resolve("train/cubism/a guitar.png"), 40, 20, 1);
        draw(in.resolve("train/fauvism/a guitar.png"), 40, 20, 1);
        draw(in.resolve("train/fauvism/a boat.png"), 20, 40, 2);
        draw(in.resolve("val/fauvism/a tree.png"), 30, 30, 3);
        folder = temp.resolve("out");
        CollectionImport.run(in, folder, ImportOptions.DEFAULTS, (done, skipped) -> {});
    }

    /** With alpha, so that reading has something to do. */
    private static void draw(Path file, int width, int height, int value) throws IOException {
        Files.createDirectories(file.getParent());
        byte[] samples = new byte[width * height * 4];
        samples[0] = (byte) value;
        Picture.of(width, height, PixelMode.RGBA, samples).writePng(file);
    }

    private SampleSet set(List<String> styles, List<String> splits, CaptionPolicy captions) {
        Selection selection = new Selection(styles, splits);
        return SampleSet.of(StyleCollection.open(folder), selection, captions);
    }

    @Test
    void stylesAndPartsSelect() {
        assertEquals(3, set(List.of(), List.of(), CaptionPolicy.AS_LISTED).size());
        SampleSet fauves = set(List.of("Fauvism"), List.of("train"), CaptionPolicy.AS_LISTED);
        assertEquals(
                List.of("a guitar", "a boat"),
                fauves.items().stream().map(item -> item.labels().content()).toList());
    }

    /** The guitar hangs in both styles; its caption speaks of the one that is trained. */
    @Test
    void captionsNameTheSelectedStyle() {
        CaptionPolicy policy = new CaptionPolicy(new CaptionTemplate("{style}: {content}"), 0, 0);
        assertEquals("fauvism: a guitar", set(List.of("fauvism"), List.of(), policy).caption(0, 0));
        assertEquals("cubism: a guitar", set(List.of("cubism"), List.of(), policy).caption(0, 0));
    }

    @Test
    void samplesAreFramedAndCaptioned() {
        SampleSet set = set(List.of(), List.of(), new CaptionPolicy(null, 1, 0));
        AspectBuckets buckets = AspectBuckets.of(32, 16, 16, 48);
        Sample lying = set.sample(0, buckets, CropPolicy.CENTRE, 0);
        assertEquals(new BucketSize(48, 16), lying.framing().bucket());
        assertEquals(PixelMode.RGB, lying.picture().mode());
        assertEquals(48, lying.picture().width());
        assertEquals(24, lying.framing().height());
        assertEquals(4, lying.framing().top());
        assertEquals(255, lying.picture().sample(30, 8, 0), "transparent is white");
        assertEquals("", lying.caption());
        assertEquals(3, set.batches(buckets, 2, 0, 0).size(), "a lying, an upright, a square one");
        assertEquals(lying.framing(), set.framing(0, buckets, CropPolicy.CENTRE, 0));
    }

    @Test
    void whatIsNotThereIsNamed() {
        assertRefused(
                "has no style \"dada\"; there are cubism, fauvism",
                () -> set(List.of("Dada"), List.of(), CaptionPolicy.AS_LISTED));
        assertRefused(
                "has no part \"test\"; there are train, validation",
                () -> set(List.of(), List.of("test"), CaptionPolicy.AS_LISTED));
        assertRefused(
                "has no picture of the styles cubism in the parts validation",
                () -> set(List.of("cubism"), List.of("validation"), CaptionPolicy.AS_LISTED));
        StyleCollection.open(folder).rewrite(item -> item.withSplit(null));
        assertRefused(
                "is not parted into train; run studio dataset split",
                () -> set(List.of(), List.of("train"), CaptionPolicy.AS_LISTED));
    }

    @Test
    void aPictureOfAnotherSizeThanListedIsNamed() throws IOException {
        SampleSet set = set(List.of(), List.of(), CaptionPolicy.AS_LISTED);
        draw(folder.resolve(set.items().get(0).fileName()), 8, 8, 9);
        assertRefused("has 8x8 pixels where the list says 40x20", () -> set.picture(0));
    }

    private static void assertRefused(String words, Executable run) {
        Exception e = assertThrows(UserException.class, run);
        assertTrue(e.getMessage().contains(words), e.getMessage());
    }
}
