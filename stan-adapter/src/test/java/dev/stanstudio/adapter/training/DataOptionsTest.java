package dev.stanstudio.adapter.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.datasets.collection.StyleCollection;
import dev.stanstudio.datasets.collection.StyleItem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DataOptionsTest {
    @TempDir private Path folder;

    @BeforeEach
    void write() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 30; i++) {
            String part = i < 20 ? "train" : i < 26 ? "validation" : "test";
            lines.append(
                    """
                    {"file_name":"%d.png","text":"x","style":"s","sha256":"%064x","width":8,\
                    "height":8,"split":"%s"}
                    """
                            .formatted(i, (i * 7919L) % 101, part));
        }
        Files.writeString(folder.resolve("metadata.jsonl"), lines);
    }

    private DataOptions.Split split(String... more) {
        List<String> args = new ArrayList<>(List.of("--data", folder.toString()));
        args.addAll(List.of(more));
        return CommandLine.populateCommand(new DataOptions(), args.toArray(String[]::new))
                .split(StyleCollection.open(folder));
    }

    private static Set<String> files(List<StyleItem> items) {
        return new TreeSet<>(items.stream().map(StyleItem::fileName).toList());
    }

    @Test
    void picturesThatScoresCompareWithAreNotTrainedOn() throws IOException {
        Path list = folder.resolve("metadata.jsonl");
        Files.writeString(list, Files.readString(list).replace("\"test\"", "\"references\""));
        DataOptions.Split split = split();
        assertEquals(20, split.train().size());
        assertEquals(6, split.heldOut().size());
    }

    /** Pictures that decide an experiment decide nothing before. */
    @Test
    void pictureOfTheTestIsNeitherTrainedOnNorMeasured() {
        DataOptions.Split split = split();
        assertEquals(20, split.train().size());
        assertEquals(
                Set.of("20.png", "21.png", "22.png", "23.png", "24.png", "25.png"),
                files(split.heldOut()));
    }

    @Test
    void repeatsCountPicturesOfTheTrainingOnly() {
        assertEquals(40, split("--repeats", "s=2").train().size());
        assertEquals(6, split("--repeats", "s=2").heldOut().size());
        ArgumentException refused =
                assertThrows(ArgumentException.class, () -> split("--balance", "size"));
        assertTrue(refused.getMessage().contains("style or none"), refused::getMessage);
    }

    @Test
    void validationIsLimitedToTheSamePicturesEachTime() {
        Set<String> chosen = files(split("--validate-on", "3").heldOut());
        assertEquals(3, chosen.size());
        assertEquals(chosen, files(split("--validate-on", "3").heldOut()));
        assertTrue(files(split().heldOut()).containsAll(chosen));
        assertEquals(6, split("--validate-on", "99").heldOut().size());
        ArgumentException refused =
                assertThrows(ArgumentException.class, () -> split("--validate-on", "0"));
        assertTrue(refused.getMessage().contains("not 0"), refused::getMessage);
    }
}
