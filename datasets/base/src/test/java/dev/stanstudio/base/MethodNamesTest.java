package dev.stanstudio.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MethodNamesTest {
    @ParameterizedTest
    @CsvSource({
        "none, no adapter",
        "None, no adapter",
        "(none), no adapter",
        "'', no adapter",
        "None · 4 steps, no adapter · 4 steps",
    })
    void theModelAloneHasOneName(String stored, String shown) {
        assertEquals(shown, MethodNames.shown(stored));
        assertEquals("“" + shown + "”", MethodNames.quoted(stored));
        assertEquals("N" + shown.substring(1), MethodNames.subject(stored));
    }

    @ParameterizedTest
    @ValueSource(strings = {"stan", "nonesuch", "none-lora", "lora · 4 steps"})
    void otherNamesStayAsTheyAre(String name) {
        assertFalse(MethodNames.isModelAlone(name));
        assertEquals(name, MethodNames.shown(name));
        assertEquals(name, MethodNames.quoted(name));
        assertEquals(name, MethodNames.subject(name));
    }

    @Test
    void hashesStandBehindTheNameOfTheAdapter() {
        assertEquals("stan 0a1b", MethodNames.identified("stan", List.of("0a1b")));
        assertEquals(
                "both 0a1b 2c3d · weight 0.5",
                MethodNames.identified("both · weight 0.5", List.of("0a1b", "2c3d")));
        assertEquals("None", MethodNames.identified("None", List.of()));
    }
}
