package dev.stanstudio.sd3.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.ArgumentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Choices in prompts: made from the seed alone, all of them reachable, and never where not meant.
 */
class PromptChoicesTest {
    private static final int SEEDS = 400;

    @TempDir Path folder;

    private PromptChoices choices;

    @BeforeEach
    void wildcards() throws IOException {
        Files.writeString(folder.resolve("animal.txt"), "# animals\ncat\n\ndog\n{red|blue} bird\n");
        Files.writeString(folder.resolve("loop.txt"), "a __loop__\n");
        Files.writeString(folder.resolve("empty.txt"), "# nothing\n");
        choices = new PromptChoices(new Wildcards(folder)::lines);
    }

    private Set<String> all(String template) {
        return LongStream.range(0, SEEDS)
                .mapToObj(seed -> choices.made(template, seed))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyChoiceIsReachable() {
        assertEquals(Set.of("a cat", "a dog", "a cow"), all("a {cat|dog|cow}"));
        assertEquals(Set.of("cat", "dog", "red bird", "blue bird"), all("__animal__"));
        assertEquals(Set.of("", "x", "y"), all("{|{x|y}}"));
        assertEquals(9, all("{a|b|c} {a|b|c}").size(), "choices do not follow each other");
    }

    @Test
    void theSeedAloneMakesTheChoice() {
        String template = "a {red|blue} __animal__ {at night|by day}";
        for (long seed : new long[] {0, 1, 7, Long.MAX_VALUE}) {
            String made = choices.made(template, seed);
            assertEquals(made, choices.made(template, seed));
            assertEquals(made + ", oil", choices.made(template + ", oil", seed));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a cat",
                "three {dancing and playing",
                "{one}",
                "a}b|c",
                "snake_case __ x",
                "\\(a:1.2)",
                "{a|b}",
                "__animal__",
                "\\{a|b}",
                "\\\\{a|b}",
                "a\\_b",
                "___animal___",
                "{{a|b}|c}",
                "{{a|b}",
                "__a__b__",
                "\\"
            })
    void literalsStay(String text) {
        assertEquals(Set.of(text), all(PromptChoices.literal(text)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a cat", "three {dancing and playing", "{one}", "a}b|c", "\\(a:1.2)"})
    void whatHoldsNoChoiceStays(String text) {
        assertEquals(Set.of(text), all(text));
    }

    @Test
    void backslashesKeepBraces() {
        assertEquals(Set.of("{a|b}"), all("\\{a|b}"));
        assertEquals(Set.of("a", "{|}"), all("{a|\\{\\|\\}}"));
    }

    @Test
    void wildcardsThatCannotBeAreRefusedInOneLine() {
        for (String name : new String[] {"plant", "loop", "empty"}) {
            ArgumentException e =
                    assertThrows(
                            ArgumentException.class, () -> choices.made("__" + name + "__", 3));
            assertEquals(1, String.valueOf(e.getMessage()).lines().count());
        }
        ArgumentException unknown =
                assertThrows(ArgumentException.class, () -> choices.made("__plant__", 3));
        assertTrue(String.valueOf(unknown.getMessage()).contains("animal, empty, loop"));
    }
}
