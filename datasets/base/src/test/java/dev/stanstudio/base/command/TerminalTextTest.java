package dev.stanstudio.base.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TerminalTextTest {
    @Test
    void whatATerminalWouldObeyIsWrittenOut() {
        assertEquals(
                "a\\u001b[31m\\u0007\\u009b\\u202eb\\u000a\\u2028c\\ud800",
                TerminalText.escaped("a\u001b[31m\u0007\u009b\u202eb\n\u2028c\ud800"));
        String plain = "Übergröße 東京 😀 'x' \\ \"y\"";
        assertEquals(plain, TerminalText.escaped(plain));
    }

    @Test
    void jsonKeepsItsLinesAndItsMeaning() {
        assertEquals(
                "{\n  \"a\" : \"\\u007f\\u009b\"\n}",
                TerminalText.json("{\n  \"a\" : \"\u007f\u009b\"\n}"));
    }
}
