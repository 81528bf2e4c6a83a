package dev.stanstudio.scoring.manifest;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.source.TextEncoding;
import dev.stanstudio.base.source.TextLines;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Reads and writes manifests: text files with one JSON object per line, each about one picture. The
 * rules about the keys of a line are {@link ManifestRecord}'s. Unknown keys are ignored by every
 * reader.
 */
public final class Manifest {
    /** Name of the manifest of a folder. */
    public static final String FILE = "manifest.jsonl";

    private Manifest() {}

    /** Receives the lines of a manifest in their order; blank lines are skipped. */
    public interface Reader {
        /**
         * Receives a line that holds JSON.
         *
         * @param line number of the line, from 1
         */
        void onRecord(long line, ManifestRecord record);

        /**
         * Receives the number of a line that holds none.
         *
         * @param line number of the line, from 1
         * @param what in one line, without a subject
         */
        void onBadLine(long line, String what);
    }

    /**
     * Reads {@code list} line by line, in constant memory.
     *
     * @throws UserException if it cannot be read or its encoding is unknown
     */
    public static void read(Path list, Reader reader) {
        read(list.toString(), () -> Files.newInputStream(list), reader);
    }

    /**
     * Reads a manifest from {@code source}.
     *
     * @param name of the manifest, for messages
     * @throws UserException if it cannot be read or its encoding is unknown
     */
    public static void read(String name, TextEncoding.Source source, Reader reader) {
        try (TextLines lines = new TextLines(name, TextEncoding.DETECT.reader(name, source))) {
            for (String line = lines.next(); line != null; line = lines.next()) {
                if (!line.isBlank()) {
                    read(line, lines.number(), reader);
                }
            }
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    private static void read(String line, long number, Reader reader) {
        ManifestRecord record;
        try {
            record = ManifestRecord.parse(line);
        } catch (IllegalArgumentException e) {
            reader.onBadLine(number, String.valueOf(e.getMessage()));
            return;
        }
        reader.onRecord(number, record);
    }

    /**
     * Returns the number of lines that are not blank.
     *
     * @throws UserException if {@code list} cannot be read
     */
    static long count(Path list) {
        String name = list.toString();
        TextEncoding.Source source = () -> Files.newInputStream(list);
        long count = 0;
        try (TextLines lines = new TextLines(name, TextEncoding.DETECT.reader(name, source))) {
            for (String line = lines.next(); line != null; line = lines.next()) {
                count += line.isBlank() ? 0 : 1;
            }
            return count;
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    private static UserException unreadable(String name, IOException e) {
        return new UserException(
                "%s cannot be read as UTF-8 lines: %s".formatted(name, AtomicFile.reason(e)), e);
    }

    /**
     * Writes {@code records}, a line each, whole or not at all.
     *
     * @param records JSON trees, maps or records that Jackson can write
     * @throws UserException if {@code list} cannot be written
     */
    public static void write(Path list, Iterable<?> records) {
        AtomicFile.write(
                list,
                out -> {
                    for (Object record : records) {
                        out.write(line(record));
                    }
                });
    }

    /**
     * Adds one line to {@code list}, which is created if it is missing.
     *
     * @throws UserException if it cannot be written
     */
    public static void append(Path list, Object record) {
        try {
            Files.write(list, line(record), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UserException("cannot write %s: %s".formatted(list, e.getMessage()), e);
        }
    }

    private static byte[] line(Object record) {
        try {
            return (Json.PLAIN.writeValueAsString(record) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("records of a manifest are JSON", e);
        }
    }
}
