package dev.stanstudio.datasets.sample;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a program prints, line by line, in a thread of its own, so that waiting for a line can
 * end. A line is at most {@link #MOST} bytes long. Lines are asked for by one thread.
 */
final class AnswerLines {
    /** Bytes of the longest line that is read. */
    static final int MOST = 1 << 16;

    /** Says of a line that it is longer. */
    static final String TOO_LONG = "more than " + MOST + " bytes without a line's end";

    private static final int WAITING = 64;

    /** A line, or the end. */
    static final class Line {
        private final byte @Nullable [] bytes;
        private final boolean tooLong;

        private Line(byte @Nullable [] bytes, boolean tooLong) {
            this.bytes = bytes;
            this.tooLong = tooLong;
        }

        /** Returns the bytes of the line without its end; null at the end. */
        byte @Nullable [] bytes() {
            return bytes;
        }

        /** Returns whether the end is there since a line was too long. */
        boolean tooLong() {
            return tooLong;
        }
    }

    private final BlockingQueue<Line> lines = new ArrayBlockingQueue<>(WAITING);
    private @Nullable Line end;

    AnswerLines(InputStream in) {
        Thread thread = new Thread(() -> read(in), "captions");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Returns the next line, or again the end after it; null if none comes within {@code longest}.
     */
    @Nullable Line next(Duration longest) throws InterruptedException {
        if (end != null) {
            return end;
        }
        Line line = lines.poll(longest.toNanos(), TimeUnit.NANOSECONDS);
        if (line != null && line.bytes() == null) {
            end = line;
        }
        return line;
    }

    private void read(InputStream stream) {
        boolean tooLong = false;
        try (InputStream in = new BufferedInputStream(stream)) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int one = in.read(); one >= 0 && !tooLong; one = in.read()) {
                if (one == '\n') {
                    lines.put(new Line(line.toByteArray(), false));
                    line.reset();
                } else {
                    line.write(one);
                    tooLong = line.size() > MOST;
                }
            }
            if (line.size() > 0 && !tooLong) {
                lines.put(new Line(line.toByteArray(), false));
            }
        } catch (IOException e) {
            // The program was ended; what it said is there.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        end(tooLong);
    }

    private void end(boolean tooLong) {
        try {
            lines.put(new Line(null, tooLong));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
