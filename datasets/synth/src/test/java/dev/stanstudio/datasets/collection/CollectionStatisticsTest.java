package dev.stanstudio.datasets.collection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.ResampleFilter;
import dev.stanstudio.base.image.Resampler;
import dev.stanstudio.datasets.importer.CollectionImport;
import dev.stanstudio.datasets.importer.ImportOptions;
import dev.stanstudio.synth.SynthCollection;
import dev.stanstudio.synth.SynthFolder;
import dev.stanstudio.synth.SynthSpec;
import dev.stanstudio.synth.paint.ArtStyle;
import dev.stanstudio.synth.scene.SceneKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CollectionStatisticsTest {
    private static final int COUNT = 30;

    @TempDir private Path temp;
    private StyleCollection drawn;

    @BeforeEach
    void draw() {
        SynthSpec spec =
                new SynthSpec(
                        64,
                        List.of(SceneKind.values()),
                        List.of(ArtStyle.WOODCUT, ArtStyle.UKIYO_E));
        new SynthFolder(temp.resolve("drawn"), new SynthCollection(spec), 5)
                .write(COUNT, 2, done -> {});
        drawn = StyleCollection.open(temp.resolve("drawn"));
    }

    /** Counts of a folder that {@code synth} wrote need no import. */
    @Test
    void aDrawnFolderIsCounted() {
        CollectionStatistics stats = CollectionStatistics.of(drawn);
        assertEquals(COUNT, stats.pictures());
        assertEquals(List.of("ukiyo e", "woodcut"), List.copyOf(stats.styles().keySet()));
        assertEquals(COUNT, stats.shortSides().get("below 256"));
        assertEquals(COUNT, stats.shapes().get("from 0.80 below 1.25"));
        assertEquals(
                COUNT, stats.captionLengths().values().stream().mapToLong(Long::longValue).sum());
        assertEquals(0, stats.duplicates() + stats.unhashed() + stats.leaks());
    }

    /** The same picture at another size, in the other part: found, and told as a leak. */
    @Test
    void copiesAtAnotherSizeAreLookAlikesAndLeaks() throws IOException {
        Path in = temp.resolve("in");
        for (String part : List.of("train", "test")) {
            Files.createDirectories(in.resolve(part).resolve("woodcut"));
        }
        for (int i = 0; i < 4; i++) {
            Picture picture = drawn.picture(drawn.items().get(i));
            picture.writePng(in.resolve("train/woodcut/" + i + ".png"));
            Picture copy = Resampler.of(ResampleFilter.BICUBIC).resize(picture, 200, 200);
            copy.writePng(in.resolve("test/woodcut/" + i + ".png"));
        }
        Path out = temp.resolve("out");
        CollectionImport.run(in, out, ImportOptions.DEFAULTS, (done, skipped) -> {});
        CollectionStatistics stats = CollectionStatistics.of(StyleCollection.open(out));
        assertEquals(8, stats.pictures());
        assertEquals(0, stats.duplicates());
        assertEquals(4, stats.lookAlikes(), stats.lookAlikeGroups().toString());
        assertEquals(4, stats.lookAlikeGroups().size());
        assertEquals(4, stats.leaks());
    }

    @Test
    void aLineTwiceIsADuplicate() throws IOException {
        Path list = drawn.folder().resolve(StyleCollection.METADATA);
        Files.writeString(list, Files.readString(list) + Files.readAllLines(list).get(0) + "\n");
        CollectionStatistics stats = CollectionStatistics.of(drawn);
        assertEquals(1, stats.duplicates());
        assertEquals(0, stats.lookAlikes());
    }

    /** Small pictures are shown as they are; a grey cell stands for one that is damaged. */
    @Test
    void everyStyleHasItsSheet() throws IOException {
        StyleItem damaged = drawn.items().get(0);
        Files.writeString(drawn.file(damaged), "no picture any more");
        StyleSheets.Report report = StyleSheets.write(drawn, temp.resolve("sheets"), 10);
        assertEquals(1, report.problems().size(), report.problems().toString());
        assertEquals(2, report.files().size());
        for (String style : List.of("ukiyo e", "woodcut")) {
            Path file = temp.resolve("sheets/" + style.replace(' ', '-') + ".png");
            Picture sheet = Picture.read(file);
            assertEquals(4 + 8 * (StyleSheets.CELL + 4), sheet.width());
            assertEquals(4 + 2 * (StyleSheets.CELL + 4), sheet.height());
            StyleItem first =
                    drawn.items().stream()
                            .filter(item -> item.labels().styles().contains(style))
                            .findFirst()
                            .orElseThrow();
            if (first.equals(damaged)) {
                assertEquals(120, sheet.sample(4, 4, 0));
            } else {
                assertEquals(drawn.picture(first), sheet.crop(4 + 32, 4 + 32, 64, 64));
            }
        }
    }

    /** A large picture is shrunk to its cell and stands in its middle. */
    @Test
    void thumbnailsKeepTheirShape() throws IOException {
        Path in = Files.createDirectories(temp.resolve("in/wide"));
        Picture picture = drawn.picture(drawn.items().get(0));
        Resampler.of(ResampleFilter.BICUBIC)
                .resize(picture, 640, 320)
                .writePng(in.resolve("a wide one.png"));
        Path out = temp.resolve("out");
        CollectionImport.run(in.getParent(), out, ImportOptions.DEFAULTS, (a, b) -> {});
        StyleSheets.Report report =
                StyleSheets.write(StyleCollection.open(out), temp.resolve("sheets"), 1);
        Picture sheet = Picture.read(report.files().get(0));
        assertEquals(StyleSheets.CELL + 8, sheet.width());
        int paper = 0;
        for (int y = 0; y < sheet.height(); y++) {
            paper += sheet.sample(sheet.width() / 2, y, 0) == 250 ? 1 : 0;
        }
        assertTrue(paper >= 8 + StyleSheets.CELL / 2 && paper < sheet.height() - 8, paper + "");
    }
}
