package dev.stanstudio.synth;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.datasets.collection.PictureHash;
import dev.stanstudio.datasets.collection.StyleCollection;
import dev.stanstudio.datasets.collection.StyleItem;
import dev.stanstudio.synth.paint.ArtStyle;
import dev.stanstudio.synth.scene.SceneKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SynthFolderTest {
    @TempDir Path folder;

    private static SynthCollection collection(ArtStyle style) {
        return new SynthCollection(new SynthSpec(32, List.of(SceneKind.values()), List.of(style)));
    }

    private SynthFolder.Report write(ArtStyle style, int count) {
        return new SynthFolder(folder, collection(style), 3).write(count, 2, done -> {});
    }

    private List<String> pictures() throws IOException {
        List<String> names = new ArrayList<>();
        try (var files = Files.newDirectoryStream(folder, "*.png")) {
            files.forEach(file -> names.add(String.valueOf(file.getFileName())));
        }
        names.sort(null);
        return names;
    }

    @Test
    void describesEveryPicture() throws IOException {
        assertEquals(new SynthFolder.Report(4, 0), write(ArtStyle.CARTOON, 4));
        List<String> lines = Files.readAllLines(folder.resolve("metadata.jsonl"));
        assertEquals(4, lines.size());
        for (int i = 0; i < 4; i++) {
            JsonNode line = new ObjectMapper().readTree(lines.get(i));
            SynthItem item = collection(ArtStyle.CARTOON).item(3, i);
            assertEquals(item.caption(), line.get("text").asText());
            assertEquals(item.content(), line.get("content").asText());
            assertEquals("cartoon", line.get("style").asText());
            assertEquals(item.attributes().get("scene"), line.at("/attributes/scene").asText());
            assertEquals(3, line.get("seed").asInt());
            Path file = folder.resolve(line.get("file_name").asText());
            assertEquals(item.picture(), Picture.read(file));
        }
    }

    /** One would draw its pictures under the captions of the other. */
    @Test
    void twoDrawingsDoNotFillOneFolder() throws IOException {
        List<String> refused = new ArrayList<>();
        new SynthFolder(folder, collection(ArtStyle.PLAIN), 3)
                .write(
                        2,
                        1,
                        done -> {
                            SynthFolder other =
                                    new SynthFolder(folder, collection(ArtStyle.CARTOON), 4);
                            refused.add(
                                    assertThrows(
                                                    UserException.class,
                                                    () -> other.write(2, 1, ignored -> {}))
                                            .getMessage());
                        });
        assertTrue(refused.get(0).contains("is running in " + folder), refused.get(0));
        assertEquals(new SynthFolder.Report(0, 2), write(ArtStyle.PLAIN, 2));
        assertFalse(Files.exists(folder.resolve(".lock")));
    }

    @Test
    void goesOnWhereItStopped() throws IOException {
        write(ArtStyle.PLAIN, 3);
        byte[] metadata = Files.readAllBytes(folder.resolve("metadata.jsonl"));
        Files.delete(folder.resolve("000001.png"));
        assertEquals(new SynthFolder.Report(1, 2), write(ArtStyle.PLAIN, 3));
        assertArrayEquals(metadata, Files.readAllBytes(folder.resolve("metadata.jsonl")));
        assertEquals(new SynthFolder.Report(2, 3), write(ArtStyle.PLAIN, 5));
        assertEquals(5, pictures().size());
    }

    @Test
    void replacesPicturesOfOtherSettingsAndDropsSurplusOnes() throws IOException {
        write(ArtStyle.PLAIN, 4);
        assertEquals(new SynthFolder.Report(2, 0), write(ArtStyle.WOODCUT, 2));
        assertEquals(List.of("000000.png", "000001.png"), pictures());
        Picture expected = collection(ArtStyle.WOODCUT).item(3, 1).picture();
        assertEquals(expected, Picture.read(folder.resolve("000001.png")));
    }

    @Test
    void touchesNoFolderOfSomebodyElse() throws IOException {
        Path own = folder.resolve("000000.png");
        Files.writeString(own, "holiday");
        UserException refusal = assertThrows(UserException.class, () -> write(ArtStyle.PLAIN, 1));
        assertTrue(refusal.getMessage().contains("choose an empty one with --out"));
        assertEquals("holiday", Files.readString(own));
        Files.delete(own);
        Files.writeString(folder.resolve("metadata.jsonl"), "{\"file_name\": \"a.png\"}\n");
        assertThrows(UserException.class, () -> write(ArtStyle.PLAIN, 1));
        assertFalse(Files.exists(folder.resolve("000000.png")));
    }

    @Test
    void isACollectionAsItIs() {
        write(ArtStyle.UKIYO_E, 3);
        StyleCollection opened = StyleCollection.open(folder);
        List<StyleItem> items = opened.items();
        assertEquals(3, items.size());
        StyleItem item = items.get(1);
        SynthItem drawn = collection(ArtStyle.UKIYO_E).item(3, 1);
        assertEquals(List.of("ukiyo e"), item.labels().styles());
        assertEquals(drawn.caption(), item.text());
        assertEquals(drawn.picture(), opened.picture(item));
        assertEquals(PictureHash.of(drawn.picture()), item.dhash());
        assertEquals(32, item.width());
    }

    @Test
    void anInterruptedDrawingIsNoWholeCollection() throws IOException {
        SynthFolder target = new SynthFolder(folder, collection(ArtStyle.PLAIN), 3);
        IntConsumer stop =
                done -> {
                    throw new CancellationException("as a kill would");
                };
        assertThrows(CancellationException.class, () -> target.write(4, 1, stop));
        UserException e = assertThrows(UserException.class, () -> StyleCollection.open(folder));
        assertTrue(e.getMessage().contains("unfinished import or drawing"), e.getMessage());
        SynthFolder.Report rest = target.write(4, 1, done -> {});
        assertTrue(rest.kept() >= 1, "one picture was drawn before");
        assertEquals(4, rest.kept() + rest.written());
        assertEquals(4, StyleCollection.open(folder).items().size());
        assertFalse(Files.exists(folder.resolve(StyleCollection.JOURNAL)));
    }

    /** Parts that {@code dataset split} wrote outlive a second run; an old list is completed. */
    @Test
    void keepsSplitsAndCompletesOldLists() throws IOException {
        write(ArtStyle.PLAIN, 2);
        StyleCollection.open(folder).rewrite(item -> item.withSplit("test"));
        assertEquals(new SynthFolder.Report(1, 2), write(ArtStyle.PLAIN, 3));
        List<StyleItem> items = StyleCollection.open(folder).items();
        assertEquals("test", items.get(1).labels().split());
        Path list = folder.resolve("metadata.jsonl");
        Files.writeString(
                list, Files.readString(list).replaceAll(",\"styles\":.*?,\"dhash\":\"\\w+\"", ""));
        assertFalse(Files.readString(list).contains("sha256"));
        assertEquals(new SynthFolder.Report(0, 3), write(ArtStyle.PLAIN, 3));
        assertEquals(items.get(2), StyleCollection.open(folder).items().get(2));
    }
}
