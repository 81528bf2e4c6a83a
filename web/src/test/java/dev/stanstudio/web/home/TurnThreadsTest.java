package dev.stanstudio.web.home;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Turns that cannot be taken, as on a full disk. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class TurnThreadsTest {
    @Test
    void aTurnThatCannotBeTakenIsToldInALineAndItsThreadGoesOn() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        TurnThreads threads = new TurnThreads(1, told::add);
        try {
            FutureTask<Thread> first = new FutureTask<>(Thread::currentThread);
            FutureTask<Thread> last = new FutureTask<>(Thread::currentThread);
            threads.execute(first);
            threads.execute(
                    () -> {
                        throw new IllegalStateException(
                                new SQLiteException("full", SQLiteErrorCode.SQLITE_FULL));
                    });
            threads.execute(last);
            assertEquals(first.get(), last.get(), "no thread has ended");
            assertEquals(1, told.size(), told.toString());
            assertTrue(told.get(0).contains("full"), told.toString());
        } finally {
            threads.shutdownNow();
        }
    }
}
