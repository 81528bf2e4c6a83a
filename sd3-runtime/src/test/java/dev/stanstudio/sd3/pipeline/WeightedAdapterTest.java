package dev.stanstudio.sd3.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stanstudio.base.ArgumentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WeightedAdapterTest {
    @ParameterizedTest
    @CsvSource({"a, a, 1", "a/b=0.5, a/b, 0.5", "a=-2, a, -2", "a=b=3, a=b, 3", "=1, =1, 1"})
    void aPathMayCarryAWeight(String text, String path, double weight) {
        assertEquals(new WeightedAdapter(path, null, weight), WeightedAdapter.parse(text));
    }

    @Test
    void aPathThatExistsIsTakenWhole(@TempDir Path folder) throws IOException {
        Path odd = Files.createFile(folder.resolve("style=2"));
        assertEquals(
                new WeightedAdapter(odd.toString(), null, 1),
                WeightedAdapter.parse(odd.toString()));
        assertEquals(
                new WeightedAdapter(odd.toString(), null, 3), WeightedAdapter.parse(odd + "=3"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"a | 1", "a/b=0.8 | 0.8", "a@b=-2 | -2"})
    void aWeightMayCarryThoseOfBlocks(String text, double weight) {
        WeightedAdapter use = WeightedAdapter.parse(text + "@blocks=0-11:1.0,12-23:0.4");
        assertEquals(weight, use.weight());
        assertEquals(BlockWeights.parse("0-11:1,12-23:0.4"), use.blocks());
        ArgumentException refused = assertThrows(ArgumentException.class, use::withoutBlocks);
        assertEquals(
                "weights of blocks are for drawing; leave @blocks=0-11:1,12-23:0.4 out",
                refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a@blocks=", "a=1@blocks=x", "a@blocks=0:1,0:2", "a@blocks=0-1=0.5"})
    void blocksThatMakeNoSenseAreRefused(String text) {
        assertThrows(ArgumentException.class, () -> WeightedAdapter.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=", "a=x", "a=NaN", "a=1e999"})
    void aWeightMustBeANumber(String text) {
        ArgumentException refused =
                assertThrows(ArgumentException.class, () -> WeightedAdapter.parse(text));
        assertEquals(
                "the weight in " + text + " must be a number, not '" + text.substring(2) + "'",
                refused.getMessage());
    }
}
