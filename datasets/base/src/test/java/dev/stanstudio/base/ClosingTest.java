package dev.stanstudio.base;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClosingTest {
    private final List<String> closed = new ArrayList<>();

    private AutoCloseable part(String name, Exception... failure) {
        return () -> {
            closed.add(name);
            if (failure.length > 0) {
                throw failure[0];
            }
        };
    }

    @Test
    void allAreClosedInTheirOrder() {
        Closing.all(part("first"), null, part("second"));
        assertEquals(List.of("first", "second"), closed);
    }

    @Test
    void theFirstFailureHoldsTheLaterOnesAndNoneStaysOpen() {
        IllegalStateException first = new IllegalStateException("first");
        RuntimeException second = new UserException("second");
        RuntimeException thrown =
                assertThrows(
                        RuntimeException.class,
                        () ->
                                Closing.all(
                                        part("a"), part("b", first), part("c", second), part("d")));
        assertSame(first, thrown);
        assertArrayEquals(new Throwable[] {second}, thrown.getSuppressed());
        assertEquals(List.of("a", "b", "c", "d"), closed);
    }

    @Test
    void aCheckedFailureIsTheCause() {
        IOException cause = new IOException("disk");
        RuntimeException thrown =
                assertThrows(RuntimeException.class, () -> Closing.all(part("a", cause)));
        assertInstanceOf(IllegalStateException.class, thrown);
        assertSame(cause, thrown.getCause());
    }

    @Test
    void aFailureDuringAnotherIsSuppressedInThat() {
        UserException cause = new UserException("damaged");
        RuntimeException second = new IllegalStateException("second");
        Closing.after(cause, part("a", second));
        assertArrayEquals(new Throwable[] {second}, cause.getSuppressed());
    }
}
