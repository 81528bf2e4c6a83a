package dev.stanstudio.base;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Computes SHA-256 of files, bytes and texts, as 64 lower-case hexadecimal digits. Thread-safe. */
public final class Sha256 {
    private static final int CHUNK = 1 << 20;

    private Sha256() {}

    /**
     * Returns the hash of all bytes of {@code path}. An interrupt of the thread ends the reading.
     *
     * @throws UserException if the file cannot be read
     */
    public static String ofFile(Path path) {
        try (InputStream in = RegularFile.open(path)) {
            MessageDigest digest = digest();
            byte[] chunk = new byte[CHUNK];
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                digest.update(chunk, 0, n);
            }
            return hex(digest);
        } catch (IOException e) {
            throw new UserException("%s cannot be read: %s".formatted(path, e.getMessage()), e);
        }
    }

    /** Returns the hash of {@code bytes}. */
    public static String of(byte[] bytes) {
        MessageDigest digest = digest();
        digest.update(bytes);
        return hex(digest);
    }

    /** Returns the hash of {@code text} in UTF-8. */
    public static String of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns a new digest, for data that arrive in parts. */
    public static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Returns the hash of all that {@code digest} was given, and resets it. */
    public static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }
}
