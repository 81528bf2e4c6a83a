package dev.stanstudio.base;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Computes SHA-256 of files, bytes and texts, as 64 lower-case hexadecimal digits. The static
 * methods are thread-safe; an instance, for data that arrive in parts, is for one thread.
 */
public final class Sha256 {
    private static final int CHUNK = 1 << 20;

    private final MessageDigest digest;

    /** Makes a hash of nothing yet. */
    public Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /**
     * Returns the hash of all bytes of {@code path}. An interrupt of the thread ends the reading.
     *
     * @throws UserException if the file cannot be read
     */
    public static String ofFile(Path path) {
        try (InputStream in = RegularFile.open(path)) {
            Sha256 hash = new Sha256();
            byte[] chunk = new byte[CHUNK];
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                hash.add(chunk, 0, n);
            }
            return hash.hex();
        } catch (IOException e) {
            throw new UserException(
                    "%s cannot be read: %s".formatted(path, AtomicFile.reason(e)), e);
        }
    }

    /** Returns the hash of {@code bytes}. */
    public static String of(byte[] bytes) {
        Sha256 hash = new Sha256();
        hash.add(bytes);
        return hash.hex();
    }

    /** Returns the hash of {@code text} in UTF-8. */
    public static String of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds all of {@code bytes}. */
    public void add(byte[] bytes) {
        digest.update(bytes);
    }

    /** Adds {@code count} bytes from {@code start} on. */
    public void add(byte[] bytes, int start, int count) {
        digest.update(bytes, start, count);
    }

    /** Adds what remains in {@code bytes}, and moves its position to the end. */
    public void add(ByteBuffer bytes) {
        digest.update(bytes);
    }

    /** Adds {@code text} in UTF-8. */
    public void add(String text) {
        add(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the hash of all that was added, and begins anew. */
    public String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
