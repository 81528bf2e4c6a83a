package dev.stanstudio.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LabelledTest {
    private enum Fruit implements Labelled {
        RED_APPLE("red-apple"),
        PEAR("pear"),
        PLUM("plum");

        private final String label;

        Fruit(String label) {
            this.label = label;
        }

        @Override
        public String label() {
            return label;
        }
    }

    @Test
    void everyLabelFindsItsConstant() {
        for (Fruit fruit : Fruit.values()) {
            assertSame(fruit, Labelled.of(Fruit.values(), "fruit", fruit.label()));
        }
        assertEquals(List.of("red-apple", "pear", "plum"), Labelled.labels(Fruit.values()));
    }

    @Test
    void anUnknownLabelIsRefusedWithTheKnownOnes() {
        assertEquals(Optional.empty(), Labelled.find(Fruit.values(), "PEAR"));
        ArgumentException refusal =
                assertThrows(
                        ArgumentException.class, () -> Labelled.of(Fruit.values(), "fruit", "fig"));
        assertEquals("no fruit is called 'fig'; use red-apple, pear or plum", refusal.getMessage());
    }

    @Test
    void oneChoiceNeedsNoOr() {
        assertEquals("plum", Labelled.choices(new Fruit[] {Fruit.PLUM}));
    }
}
