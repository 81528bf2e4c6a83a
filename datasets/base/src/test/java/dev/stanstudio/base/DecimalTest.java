package dev.stanstudio.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalTest {
    @ParameterizedTest
    @CsvSource({"4, 4", "-0.5, -0.5", "+.5, 0.5", "3., 3", "4e-3, 0.004", "1E2, 100", "' 7 ', 7"})
    void numbersArePeoples(String text, double value) {
        assertEquals(value, Decimal.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1d", "4f", "0x1p3", "NaN", "Infinity", "1e999999", "", ".", "1,5", "٣"})
    void javasOwnAreNot(String text) {
        assertThrows(NumberFormatException.class, () -> Decimal.parse(text));
    }
}
