package dev.stanstudio.base.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressLineTest {
    @Test
    void aWrittenLineIsReadAgain() {
        assertEquals("##progress 12 300", ProgressLine.of(12, 300));
        assertEquals(
                Optional.of(new ProgressLine(12, 300)), ProgressLine.read("##progress 12 300"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "##progress 12",
                "##progress 301 300",
                "##progress 0 0",
                "##progress -1 300",
                " ##progress 12 300",
                "##progress 12 300 ",
                "##progress 12 300\n",
                "##progress 12 9999999999999999999",
                "12 of 300"
            })
    void anyOtherLineIsNone(String line) {
        assertEquals(Optional.empty(), ProgressLine.read(line));
    }

    @Test
    void moreThanTheTotalIsRefusedWithTheNumbers() {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> ProgressLine.of(4, 3));
        assertEquals(
                "progress must be 0 to a total of at least 1, not 4 of 3", refusal.getMessage());
    }
}
