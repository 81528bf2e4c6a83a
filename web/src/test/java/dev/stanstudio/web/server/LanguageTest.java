package dev.stanstudio.web.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The choice of a language, and the forms of texts about numbers. */
class LanguageTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|ENGLISH",
                "de|GERMAN",
                "de-AT,de;q=0.9,en;q=0.8|GERMAN",
                "nl,fr;q=0.5,en;q=0.7|ENGLISH",
                "it;q=1, es-419;q=0.4|SPANISH",
                "pt-BR|PORTUGUESE",
                "ja-JP|JAPANESE",
                "zh-CN,zh;q=0.9|CHINESE",
                "zh-TW|CHINESE",
                "de;q=0, ja;q=0.1|JAPANESE",
                "*|ENGLISH",
                "nl, sv|ENGLISH",
                "de;q=x|ENGLISH",
                "%%%,,;;q|ENGLISH",
                "-|ENGLISH",
                "--|ENGLISH",
            })
    void theBrowserPrefers(String header, Language expected) {
        assertEquals(expected, Language.preferred(header));
    }

    @Test
    void aHeaderOfAnyLengthIsAnswered() {
        assertEquals(Language.ENGLISH, Language.preferred("de,".repeat(10_000)));
    }

    /** The classes of CLDR for the numbers that the pages say. */
    @ParameterizedTest
    @CsvSource({
        "ENGLISH,OTHER,ONE,OTHER",
        "GERMAN,OTHER,ONE,OTHER",
        "FRENCH,ONE,ONE,OTHER",
        "SPANISH,OTHER,ONE,OTHER",
        "PORTUGUESE,ONE,ONE,OTHER",
        "JAPANESE,OTHER,OTHER,OTHER",
        "CHINESE,OTHER,OTHER,OTHER",
    })
    void numbersHaveTheFormsOfTheLanguage(
            Language language, Plural nought, Plural one, Plural two) {
        assertEquals(nought, language.form(0));
        assertEquals(one, language.form(1));
        assertEquals(two, language.form(2));
    }

    @Test
    void valuesStandWhereTheirNumbersAre() {
        Texts texts =
                new Texts(
                        Language.ENGLISH,
                        Map.of("a", "{1} of {0}", "n.one", "one", "n.other", "{0} things"));
        assertEquals("$1 of {1}", texts.of("a", "{1}", "$1"), "values are no patterns");
        assertEquals("one", texts.counted("n", 1));
        assertEquals("0 things", texts.counted("n", 0));
        assertEquals("A. B.", texts.paragraph("A.", "", "B."));
        assertEquals("甲。乙。", new Texts(Language.CHINESE, Map.of()).paragraph("甲。", "乙。"));
        assertThrows(IllegalArgumentException.class, () -> texts.of("a", "x"));
        assertThrows(IllegalArgumentException.class, () -> texts.of("b"));
    }
}
