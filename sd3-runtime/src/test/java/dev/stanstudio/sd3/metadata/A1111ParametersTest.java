package dev.stanstudio.sd3.metadata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class A1111ParametersTest {

    private static final List<String> WORDS =
            List.of(
                    "castle",
                    "a: b",
                    ",",
                    ":",
                    "\"",
                    "\\",
                    "\\\"",
                    "\n",
                    "(soft:1.2)",
                    "<lora:x:1>",
                    "Steps: 20",
                    "Straße",
                    "夜明け",
                    "🌅",
                    "{\"a\": [1, 2]}",
                    "-",
                    "/",
                    "'",
                    "\t",
                    "é,",
                    "Size: 1x2",
                    "\\n");

    @Test
    void formatsAsA1111Does() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("Steps", "28");
        settings.put("CFG scale", "7");
        settings.put("Size", "832x1216");
        settings.put("Lora hashes", "ink: 1a2b, oil: 3c4d");
        A1111Parameters parameters = new A1111Parameters("a fox,\nin snow", "blurry", settings);
        assertEquals(
                """
                a fox,
                in snow
                Negative prompt: blurry
                Steps: 28, CFG scale: 7, Size: 832x1216, Lora hashes: "ink: 1a2b, oil: 3c4d\"\
                """,
                parameters.format());
        assertEquals(new A1111Parameters.Size(832, 1216), parameters.size());
    }

    @Test
    void leavesOutAnEmptyNegativePrompt() {
        Map<String, String> settings = settings("Steps", "1", "Seed", "2", "Model", "nano");
        A1111Parameters parameters = new A1111Parameters("", "", settings);
        assertEquals("Steps: 1, Seed: 2, Model: nano", parameters.format());
        assertEquals(parameters, A1111Parameters.parse(parameters.format()));
    }

    @Test
    void readsATextOfAnotherProgram() {
        A1111Parameters parameters =
                A1111Parameters.parse(
                        """
                        masterpiece, (fox:1.3), forest

                        second paragraph\s
                        Negative prompt: lowres,
                        bad: anatomy
                        Steps: 20, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 7.5, Seed: 42, \
                        Size: 512x768, Hashes: {"vae": "x"}, TI: "a, \\"b\\": c", Version: v1.10.1
                        """);
        assertEquals("masterpiece, (fox:1.3), forest\n\nsecond paragraph", parameters.prompt());
        assertEquals("lowres,\nbad: anatomy", parameters.negativePrompt());
        assertEquals("DPM++ 2M", parameters.settings().get("Sampler"));
        assertEquals("7.5", parameters.settings().get("CFG scale"));
        assertEquals("a, \"b\": c", parameters.settings().get("TI"));
        assertEquals("v1.10.1", parameters.settings().get("Version"));
        assertEquals(new A1111Parameters.Size(512, 768), parameters.size());
    }

    @Test
    void takesALastLineOfFewerThanThreePairsForPrompt() {
        String text = "a poster\nTitle: Dawn, Artist: nobody";
        A1111Parameters parameters = A1111Parameters.parse(text);
        assertEquals(text, parameters.prompt());
        assertEquals(Map.of(), parameters.settings());
        assertNull(parameters.size());
        assertEquals("", A1111Parameters.parse("").prompt());
    }

    @Test
    void readsAnUnclosedQuoteUpToTheComma() {
        Map<String, String> settings =
                A1111Parameters.parse("Steps: 1, Model: \"open, Seed: 3, Note: \"a\" b").settings();
        assertEquals(
                settings("Steps", "1", "Model", "\"open", "Seed", "3", "Note", "\"a\" b"),
                settings);
    }

    @Test
    void survivesHugeLines() {
        String words = "word ".repeat(200_000);
        String quoted = "Steps: 1, Seed: 2, Note: \"" + "\\\"".repeat(200_000) + "\"";
        A1111Parameters parameters = A1111Parameters.parse(words + "\n" + quoted);
        assertEquals(words.strip(), parameters.prompt());
        assertEquals("\"".repeat(200_000), parameters.settings().get("Note"));
    }

    @Test
    void readsBackWhatItWrote() {
        Random random = new Random(5);
        for (int round = 0; round < 3000; round++) {
            Map<String, String> settings = settings("Steps", "20", "Seed", "1", "Size", "64x64");
            for (int i = random.nextInt(4); i > 0; i--) {
                settings.put("Extra key-" + i + "/x", text(random));
            }
            A1111Parameters parameters =
                    new A1111Parameters(prompt(random), prompt(random), settings);
            A1111Parameters back = A1111Parameters.parse(parameters.format());
            assertEquals(parameters, back, parameters::format);
            assertEquals(
                    new ArrayList<>(parameters.settings().keySet()),
                    new ArrayList<>(back.settings().keySet()));
        }
    }

    @Test
    void refusesKeysThatWouldNotBeFoundAgain() {
        for (String key : List.of("", "a", " Steps", "CFG: scale", "a,b", "é\n")) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new A1111Parameters("", "", Map.of(key, "1")));
        }
    }

    /** Any text whose lines neither begin nor end in blanks and whose first line is not empty. */
    private static String prompt(Random random) {
        return text(random)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .collect(Collectors.joining("\n"));
    }

    private static String text(Random random) {
        return Stream.generate(
                        () ->
                                WORDS.get(random.nextInt(WORDS.size()))
                                        + (random.nextBoolean() ? " " : ""))
                .limit(random.nextInt(12))
                .collect(Collectors.joining());
    }

    private static Map<String, String> settings(String... pairs) {
        Map<String, String> settings = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            settings.put(pairs[i], pairs[i + 1]);
        }
        return settings;
    }
}
