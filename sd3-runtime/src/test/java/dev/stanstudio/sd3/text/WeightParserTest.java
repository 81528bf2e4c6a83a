package dev.stanstudio.sd3.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.ArgumentException;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightParserTest {
    /** Sections with {@code /} between, parts as {@code words@weight} with {@code |} between. */
    private static String read(String text) {
        return TextSyntax.WEIGHTED.read(text).sections().stream()
                .map(
                        section ->
                                section.stream()
                                        .map(
                                                part ->
                                                        part.text()
                                                                + "@"
                                                                + Math.round(part.weight() * 1000)
                                                                        / 1000.0)
                                        .collect(Collectors.joining("|")))
                .collect(Collectors.joining("/"));
    }

    /** Blanks of the expected words are underlines, since the table has none at its edges. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            textBlock =
                    """
                    a cat                      ~ a_cat@1.0
                    (cat)                      ~ cat@1.1
                    [cat]                      ~ cat@0.909
                    ((cat))                    ~ cat@1.21
                    (cat:1.3)                  ~ cat@1.3
                    (cat: .5 )                 ~ cat@0.5
                    (cat:0)                    ~ cat@0.0
                    (a (b:2) c:1.5)            ~ a_@1.5|b@3.0|_c@1.5
                    (12:30:1.2)                ~ 12:30@1.2
                    \\(cat\\)                  ~ (cat)@1.0
                    (\\[cat\\]:2)              ~ [cat]@2.0
                    a\\:b (c\\:1.2)            ~ a:b_@1.0|c:1.2@1.1
                    a\\b                       ~ a\\b@1.0
                    a: b, 16:9                 ~ a:_b,_16:9@1.0
                    (a:1) (b:1)                ~ a_b@1.0
                    a BREAK b                  ~ a_@1.0/_b@1.0
                    (a BREAK b:2)              ~ a_@2.0/_b@2.0
                    BREAKFAST                  ~ BREAKFAST@1.0
                    """)
    void readsWeights(String text, String expected) {
        assertEquals(expected, read(text).replace(' ', '_'), text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            textBlock =
                    """
                    a (red car            ~ '(red car' is never closed; close it, or write \\( for the character
                    [[old] car            ~ '[[old] car' is never closed; close it, or write \\[ for the character
                    red) car              ~ 'red)' closes nothing that is open before it
                    (red] car             ~ '(red]' closes nothing that is open before it
                    (red:much)            ~ the weight 'much' of 'red' is no number
                    (red:)                ~ the weight '' of 'red' is no number
                    (red:NaN)             ~ the weight 'NaN' of 'red' is no number
                    (red:0x1p3)           ~ the weight '0x1p3' of 'red' is no number
                    (red:1e9)             ~ the weight of 'red' is 1e9; weights lie within 0 … 10
                    (red:-1)              ~ the weight of 'red' is -1; weights lie within 0 … 10
                    ((red:8):8)           ~ the weight of 'red' is 64.0; weights lie within 0 … 10
                    [red:blue:0.5]        ~ '[red:blue:0.5]' would change the prompt on the way
                    [red|blue]            ~ '[red|blue]' would change the prompt on the way
                    """)
    void refusesInOneLine(String text, String problem) {
        ArgumentException refusal = assertThrows(ArgumentException.class, () -> read(text), text);
        String message = String.valueOf(refusal.getMessage());
        assertTrue(message.startsWith("prompt: " + problem), message);
        assertFalse(message.contains("\n"), message);
    }

    @Test
    void namesTheWordsThatAreWeighted() {
        assertEquals(
                List.of("red × 1.3", "old × 0.909", "fog × 1.21"),
                TextSyntax.WEIGHTED.read("a (red:1.3) [old] car BREAK ((fog))").weighted());
        assertEquals(List.of(), TextSyntax.PLAIN.read("a (red:1.3) car").weighted());
    }

    @Test
    void anyTextIsReadOrRefusedInOneLine() {
        String signs = "()[]:|\\ ab1.BREAK\n\u00e9\ud83c\udf27";
        Random random = new Random(7);
        int read = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(14); n > 0; n--) {
                text.append(signs.charAt(random.nextInt(signs.length())));
            }
            try {
                TextSyntax.WEIGHTED
                        .read(text.toString())
                        .sections()
                        .forEach(
                                section ->
                                        section.forEach(
                                                part ->
                                                        assertTrue(
                                                                part.weight() >= 0
                                                                        && part.weight() <= 10)));
                read++;
            } catch (ArgumentException refusal) {
                assertFalse(String.valueOf(refusal.getMessage()).contains("\n"), text.toString());
            }
        }
        assertTrue(read > 1_000, "only " + read + " texts were read");
    }

    @Test
    void deepBracketsAreNoRecursion() {
        String deep = "[".repeat(5_000) + "a" + "]".repeat(5_000);
        assertEquals("a@0.0", read(deep));
    }

    /** Each further bracket costs the same: what is quadratic would not end here. */
    @Test
    void manyBracketsAreReadAsWell() {
        int many = 300_000;
        WeightedText nested =
                WeightParser.parse("[".repeat(many) + "deep" + "]".repeat(many) + " plain");
        List<WeightedText.Part> parts = nested.sections().get(0);
        assertEquals(2, parts.size());
        assertEquals("deep", parts.get(0).text());
        assertEquals(0, parts.get(0).weight(), 1e-300);
        assertEquals(new WeightedText.Part(" plain", 1), parts.get(1));
        WeightedText row = WeightParser.parse("(a:1.5)".repeat(many));
        assertEquals(
                List.of(List.of(new WeightedText.Part("a".repeat(many), 1.5))), row.sections());
    }
}
