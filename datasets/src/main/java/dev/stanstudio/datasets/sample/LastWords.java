package dev.stanstudio.datasets.sample;

import dev.stanstudio.base.command.Printing;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Reads the messages of a program and keeps the last, which tells why it ended. */
final class LastWords {
    private static final int MOST = 300;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Thread thread;
    private volatile String last = "";

    LastWords(InputStream in) {
        thread = new Thread(() -> read(in), "messages");
        thread.setDaemon(true);
        thread.start();
    }

    /** Returns a colon and the last message of a program that has ended, or nothing. */
    String told() throws InterruptedException {
        thread.join(PATIENCE.toMillis());
        return last.isEmpty() ? "" : ": " + last;
    }

    private void read(InputStream stream) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try (InputStream in = new BufferedInputStream(stream)) {
            for (int one = in.read(); one >= 0; one = in.read()) {
                if (one == '\n' || one == '\r') {
                    keep(line);
                } else if (line.size() < MOST) {
                    line.write(one);
                }
            }
        } catch (IOException e) {
            // The program was ended; what it said is there.
        }
        keep(line);
    }

    private void keep(ByteArrayOutputStream line) {
        String text = Printing.printable(line.toString(StandardCharsets.UTF_8)).strip();
        if (!text.isEmpty()) {
            last = text;
        }
        line.reset();
    }
}
