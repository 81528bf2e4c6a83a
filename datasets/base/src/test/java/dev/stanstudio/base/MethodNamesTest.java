package dev.stanstudio.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

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
}
