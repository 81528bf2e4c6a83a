package dev.stanstudio.web.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.ArgumentException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SeedsTest {
    private static final int MOST = 2_000;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1234567890123456789",
                "6687881544318117707, 7",
                "9007199254740993",
                "9223372036854775805-9223372036854775807",
                "0-3, 7",
            })
    void whatIsTypedIsReadToTheLastDigit(String text) {
        assertEquals(text, Seeds.format(Seeds.parse(text, MOST)));
    }

    @Test
    void noTextTakesOneByChance() {
        List<Long> seeds = Seeds.parse(" ", MOST);
        assertEquals(1, seeds.size());
        assertTrue(seeds.get(0) >= 0 && seeds.get(0) < Integer.MAX_VALUE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "18446744073709551615|9223372036854775807 begins from the same noise",
                "9223372036854775808|seeds go up to 9223372036854775807",
                "-1|is no seed",
                "1.5|is no seed",
                "1e5|is no seed",
                "7-3|must ascend",
                "0-9223372036854775807|at most 2000",
            })
    void otherTextsAreRefused(String text, String words) {
        String message =
                assertThrows(ArgumentException.class, () -> Seeds.parse(text, MOST)).getMessage();
        assertTrue(message.contains(words), message);
    }
}
