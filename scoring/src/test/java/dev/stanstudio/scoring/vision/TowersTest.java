package dev.stanstudio.scoring.vision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TowersTest {
    @Test
    void aModelThatCannotBeClosedLeavesNoOtherOpen() {
        List<String> closed = new ArrayList<>();
        IllegalStateException second = new IllegalStateException("second");
        Towers towers =
                Towers.owning(
                        () -> closed.add("first"),
                        () -> {
                            throw second;
                        },
                        () -> {
                            closed.add("third");
                            throw new IllegalStateException("third");
                        });
        IllegalStateException thrown = assertThrows(IllegalStateException.class, towers::close);
        assertEquals("third", thrown.getMessage());
        assertEquals(List.of("third", "first"), closed);
        towers.close();
        assertEquals(2, closed.size());

        Towers other =
                Towers.owning(
                        () -> closed.add("fourth"),
                        () -> {
                            throw second;
                        });
        assertSame(second, assertThrows(IllegalStateException.class, other::close));
        assertEquals("fourth", closed.get(2));
    }
}
