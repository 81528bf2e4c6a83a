package dev.stanstudio.web.server;

/**
 * Limit of a route that takes more than usual.
 *
 * @param bytes of the body
 * @param files whether it takes forms with files (multipart)
 */
public record BodyLimit(long bytes, boolean files) {
    /** The most that any route takes. */
    public static final long MOST = 32L << 20;

    /** Refuses what cannot be meant. */
    public BodyLimit {
        if (bytes < 1 || bytes > MOST) {
            throw new IllegalArgumentException("a body of " + bytes + " bytes");
        }
    }
}
