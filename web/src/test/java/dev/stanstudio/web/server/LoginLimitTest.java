package dev.stanstudio.web.server;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stanstudio.web.testing.SetClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LoginLimitTest {
    private static final int FREE = 5;
    private static final String VISITOR = "192.0.2.7";

    private final SetClock clock = new SetClock();
    private final LoginLimit limit = new LoginLimit(clock);

    @Test
    void aClockThatIsSetBackLocksNobodyOut() {
        limit.tryFrom(VISITOR);
        clock.move(Duration.ofDays(-1));
        assertDoesNotThrow(() -> limit.tryFrom(VISITOR));
    }

    @Test
    void itShortensNoWaitEither() {
        for (int i = 0; i < FREE; i++) {
            limit.tryFrom(VISITOR);
        }
        clock.move(Duration.ofDays(-1));
        PageException early = assertThrows(PageException.class, () -> limit.tryFrom(VISITOR));
        assertEquals(429, early.status());
        clock.move(Duration.ofSeconds(2));
        assertDoesNotThrow(() -> limit.tryFrom(VISITOR));
    }
}
