package dev.stanstudio.scoring.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.UserException;
import dev.stanstudio.datasets.collection.StyleItem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** References of scores against the pictures that a training reads. */
class ReferenceSetTest {
    @TempDir Path folder;

    private final List<String> lines = new ArrayList<>();

    private void add(String style, String split, int count) {
        for (int i = 0; i < count; i++) {
            int number = lines.size();
            lines.add(
                    ("{\"file_name\":\"%d.png\",\"style\":\"%s\",%s\"source\":\"drawn\","
                                    + "\"width\":8,\"height\":8,\"sha256\":\"%064x\"}")
                            .formatted(
                                    number,
                                    style,
                                    split.isEmpty() ? "" : "\"split\":\"" + split + "\",",
                                    number));
        }
    }

    private ReferenceSet read(String part) throws IOException {
        Files.write(folder.resolve("metadata.jsonl"), lines, StandardCharsets.UTF_8);
        return ReferenceSet.read(folder, 100, 50, part);
    }

    private static Set<String> parts(Map<String, List<StyleItem>> items, String style) {
        return items.getOrDefault(style, List.of()).stream()
                .map(item -> String.valueOf(item.labels().split()))
                .collect(Collectors.toSet());
    }

    @Test
    void referencesAreOfAPartThatNoTrainingReads() throws IOException {
        add("anime", "train", 10);
        add("anime", "validation", 3);
        add("anime", "test", 4);
        ReferenceSet set = read(null);
        assertEquals(List.of("test"), set.parts());
        assertEquals(4, set.references().get("anime").size());
        assertEquals(Set.of("validation"), parts(set.heldOut(), "anime"));
        add("anime", "references", 5);
        set = read(null);
        assertEquals(List.of("references"), set.parts());
        assertEquals(5, set.references().get("anime").size());
        assertEquals(Set.of("validation", "test"), parts(set.heldOut(), "anime"));
        set = read("train");
        assertEquals(Set.of("train"), parts(set.references(), "anime"));
        assertTrue(
                assertThrows(UserException.class, () -> read("holdout"))
                        .getMessage()
                        .contains("no part 'holdout'"));
    }

    @Test
    void aStyleWithOnePictureInAPartTakesTheNext() throws IOException {
        add("anime", "train", 10);
        add("anime", "test", 1);
        add("anime", "validation", 2);
        add("baroque", "test", 2);
        ReferenceSet set = read(null);
        assertEquals(Set.of("validation"), parts(set.references(), "anime"));
        assertEquals(Set.of("test"), parts(set.heldOut(), "anime"));
        assertEquals(List.of("test", "validation"), set.parts());
        assertEquals(List.of(), set.heldOut().get("baroque"));
    }

    @Test
    void withoutPartsEveryFifthIsHeldOut() throws IOException {
        add("anime", "", 10);
        ReferenceSet set = read(null);
        assertEquals(List.of("all"), set.parts());
        assertEquals(8, set.references().get("anime").size());
        assertEquals(2, set.heldOut().get("anime").size());
        lines.clear();
        add("anime", "train", 10);
        assertEquals(List.of("train"), read(null).parts());
    }
}
