package dev.stanstudio.base.source;

import dev.stanstudio.base.UserException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/** Reads the lines of a text, each of at most {@link #MOST} characters. Belongs to one thread. */
public final class TextLines implements AutoCloseable {
    /** Characters of the longest line or row that is read. */
    public static final int MOST = 16 << 20;

    private final String name;
    private final BufferedReader in;
    private long number;
    private boolean afterReturn;

    /**
     * @param name of the file, for messages
     */
    public TextLines(String name, Reader in) {
        this.name = name;
        this.in = new BufferedReader(in);
    }

    /** The number of the line that was read last, from 1. */
    public long number() {
        return number;
    }

    /**
     * The next line without its end; null after the last.
     *
     * @throws UserException when it is longer than {@link #MOST}
     */
    public @Nullable String next() throws IOException {
        StringBuilder line = new StringBuilder();
        number++;
        for (int one = in.read(); one >= 0; one = in.read()) {
            boolean pair = afterReturn && one == '\n';
            afterReturn = one == '\r';
            if (pair) {
                continue;
            }
            if (one == '\n' || one == '\r') {
                return line.toString();
            }
            if (line.length() == MOST) {
                throw new UserException(
                        "%s line %s has more than %s characters".formatted(name, number, MOST));
            }
            line.append((char) one);
        }
        return line.isEmpty() ? null : line.toString();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
