package dev.stanstudio.adapter.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.Sha256;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.datasets.collection.StyleCollection;
import dev.stanstudio.datasets.collection.StyleItem;
import dev.stanstudio.datasets.sample.CropPolicy;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.sd3.model.LoadOptions;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.text.PromptEncoder;
import dev.stanstudio.testing.Goldens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Finds outputs of encoders again in any order. */
class EncodedExamplesTest {
    private static final PromptEncoder.Reading READING = new PromptEncoder.Reading(0, 12, true);
    private static final PictureFraming SQUARE = PictureFraming.square(32);

    @TempDir private Path folder;

    private Path data;
    private StyleCollection collection;
    private List<StyleItem> items;
    private EncodedStore store;

    @BeforeEach
    void pictures() throws IOException {
        data = Files.createDirectories(folder.resolve("data"));
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 5; i++) {
            byte[] samples = new byte[40 * 32 * 3];
            new Random(i).nextBytes(samples);
            Path file = data.resolve(i + ".png");
            Picture.of(40, 32, PixelMode.RGB, samples).writePng(file);
            lines.append(
                    "{\"file_name\":\"%d.png\",\"text\":\"noise %d\",\"style\":\"noise\",\"sha256\":\"%s\",\"width\":40,\"height\":32}%n"
                            .formatted(i, i, Sha256.ofFile(file)));
        }
        Files.writeString(data.resolve("metadata.jsonl"), lines);
        collection = StyleCollection.open(data);
        items = collection.items();
        store = new EncodedStore(folder.resolve("cache"));
    }

    private EncodedExamples encode(List<StyleItem> order, PictureFraming framing) {
        try (ModelSource source = ModelSource.open(Goldens.own("tiny-3.0"), null, null);
                Encoders encoders = new Encoders(source, LoadOptions.plain(), READING)) {
            return EncodedExamples.of(
                    store, collection::file, order, framing, encoders, done -> {});
        }
    }

    private static float[] moments(Examples examples, int index, boolean flipped) {
        try (Scope scope = Scope.open("read")) {
            return examples.open(scope, index, flipped, true).moments().toFloats();
        }
    }

    private static float[] tokens(Examples examples, int index, boolean captioned) {
        try (Scope scope = Scope.open("read")) {
            return examples.open(scope, index, false, captioned).tokens().toFloats();
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(store.folder())) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    @Test
    void anotherOrderFindsEveryPictureWithItsOwnCaption() throws IOException {
        Examples first = encode(items, SQUARE);
        List<Path> before = files();
        assertEquals(5 + 5 + 1, before.size(), "pictures, captions and the empty one");
        List<StyleItem> shuffled = new ArrayList<>(items);
        Collections.shuffle(shuffled, new Random(3));
        assertFalse(shuffled.equals(items));
        for (StyleItem item : items) {
            Files.delete(collection.file(item));
        }
        Examples second = encode(shuffled, SQUARE);
        assertEquals(before, files());
        Map<Integer, float[]> seen = new HashMap<>();
        for (int i = 0; i < 5; i++) {
            int was = items.indexOf(shuffled.get(i));
            assertArrayEquals(moments(first, was, false), moments(second, i, false));
            assertArrayEquals(tokens(first, was, true), tokens(second, i, true));
            seen.put(was, moments(second, i, false));
        }
        for (int i = 1; i < 5; i++) {
            assertFalse(java.util.Arrays.equals(seen.get(0), seen.get(i)), "picture " + i);
            assertFalse(java.util.Arrays.equals(tokens(first, 0, true), tokens(first, i, true)));
        }
    }

    @Test
    void theEmptyCaptionAndMirrorImagesAreThereToo() {
        Examples both =
                encode(items, new PictureFraming(SQUARE.buckets(), CropPolicy.CENTRE, true));
        assertTrue(both.flips());
        assertFalse(
                java.util.Arrays.equals(moments(both, 0, false), moments(both, 0, true)),
                "mirrored");
        assertArrayEquals(tokens(both, 0, false), tokens(both, 3, false));
        assertFalse(java.util.Arrays.equals(tokens(both, 0, false), tokens(both, 0, true)));
    }

    @Test
    void anotherCutIsAnotherResult() throws IOException {
        encode(items, SQUARE);
        int before = files().size();
        encode(items, new PictureFraming(SQUARE.buckets(), CropPolicy.random(5), false));
        assertTrue(files().size() > before);
    }

    @Test
    void aDamagedResultIsMadeAnew() throws IOException {
        float[] before = moments(encode(items, SQUARE), 0, false);
        for (Path file : files()) {
            Files.write(file, new byte[] {1, 2, 3});
        }
        assertArrayEquals(before, moments(encode(items, SQUARE), 0, false));
    }

    @Test
    void aPictureThatIsNotTheListedOneIsNamed() throws IOException {
        Files.copy(
                data.resolve("1.png"),
                data.resolve("0.png"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        UserException e = assertThrows(UserException.class, () -> encode(items, SQUARE));
        assertTrue(e.getMessage().contains("0.png is not the picture"), e.getMessage());
    }
}
