package dev.stanstudio.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StyleNamesTest {
    @ParameterizedTest
    @CsvSource({
        "ukiyo e, ukiyo-e",
        "Ukiyo_e, ukiyo-e",
        "ukiyo-e, ukiyo-e",
        "Post Impressionism, post-impressionism",
        "post impressionism, post-impressionism",
        "abstract expressionism, abstract expressionism",
        "Woodcut, Woodcut"
    })
    void aStyleIsShownInOneSpelling(String name, String shown) {
        assertEquals(shown, StyleNames.shown(name));
    }

    @Test
    void spellingsOfOneStyleHaveOneKey() {
        assertEquals(StyleNames.key("naive-art"), StyleNames.key(" Naive  Art "));
        assertNotEquals(StyleNames.key("impressionism"), StyleNames.key("post impressionism"));
    }
}
