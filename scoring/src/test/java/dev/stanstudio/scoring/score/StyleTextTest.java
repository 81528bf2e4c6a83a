package dev.stanstudio.scoring.score;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StyleTextTest {
    @ParameterizedTest
    @CsvSource({
        "ukiyo e, 'a boat, in the style of Ukiyo-e', in the style of Ukiyo-e",
        "post impressionism, a post impressionism castle, in the style of post impressionism",
        "ukiyo e, a boat, in the style of ukiyo-e",
        "woodcut, a cat, in the style of woodcut",
        "a+b (c), a cat, in the style of a+b (c)"
    })
    void styleIsSpeltAsThePromptSpellsIt(String style, String prompt, String text) {
        assertEquals(text, StyleText.of(style, prompt));
    }
}
