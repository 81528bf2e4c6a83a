package dev.stanstudio.web.server;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Bounds the memory of answers that wait for slow readers. Where it runs out, the answer that has
 * waited longest is cut off, so that those who hold out longest cannot hold up everybody.
 * Thread-safe.
 */
final class HeldReplies {
    private static final long LEAST_BUDGET = 16L << 20;
    private static final Duration SLOW = Duration.ofSeconds(3);

    private final long budget = Math.max(LEAST_BUDGET, Runtime.getRuntime().maxMemory() / 8);
    private final Deque<HeldReply> waiting = new ArrayDeque<>();
    private long held;

    /** Takes memory for {@code bytes}; false if there is none, not even after cutting one off. */
    boolean hold(int bytes) {
        HeldReply slowest;
        synchronized (this) {
            if (held + bytes <= budget) {
                held += bytes;
                return true;
            }
            slowest = waiting.peekFirst();
            if (slowest == null || System.nanoTime() - slowest.ended() < SLOW.toNanos()) {
                return false;
            }
            waiting.removeFirst();
        }
        slowest.cut();
        return false;
    }

    synchronized void release(long bytes) {
        held -= bytes;
    }

    /** An answer is complete but for its reader. */
    synchronized void add(HeldReply reply) {
        waiting.addLast(reply);
    }

    synchronized void remove(HeldReply reply) {
        waiting.remove(reply);
    }
}
