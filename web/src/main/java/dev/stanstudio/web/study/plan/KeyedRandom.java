package dev.stanstudio.web.study.plan;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Draws numbers that only the holder of a secret can compute: HMAC-SHA-256 as a pseudorandom
 * function in counter mode (NIST SP 800-108, section 4.1, in spirit; FIPS 198-1 for HMAC).
 *
 * <p>So that anybody can compute them again once the secret is published: block number i (from 0)
 * is HMAC-SHA-256(secret, purpose in UTF-8 ‖ one zero byte ‖ i as 8 bytes, the highest first); the
 * stream is the blocks one after the other. {@link #below} takes 8 bytes, the highest first,
 * without their top bit as v, takes 8 more while v ≥ ⌊2⁶³ / n⌋ · n, and gives v mod n. {@link
 * #shuffle} goes from the last place i to place 1 and swaps i with {@code below(i + 1)} (Fisher and
 * Yates). Streams of different purposes are independent. Not thread-safe.
 */
public final class KeyedRandom {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int SECRET_BYTES = 32;
    private static final SecureRandom SECURE = new SecureRandom();

    private final Mac mac;
    private final byte[] purpose;
    private long blocks;
    private byte[] block = {};
    private int used;

    /**
     * The stream of {@code secret} for one purpose.
     *
     * @param secret 32 random bytes; other lengths work as HMAC defines
     * @throws IllegalArgumentException when the secret is empty
     */
    public KeyedRandom(byte[] secret, String purpose) {
        try {
            mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        this.purpose = purpose.getBytes(StandardCharsets.UTF_8);
    }

    /** A new secret of 256 bits from the system's secure source, in hexadecimal. */
    public static String newSecret() {
        byte[] secret = new byte[SECRET_BYTES];
        SECURE.nextBytes(secret);
        return HexFormat.of().formatHex(secret);
    }

    /** Returns whether {@code text} has the form of a secret. */
    static boolean isSecret(String text) {
        return text.matches("[0-9a-f]{" + 2 * SECRET_BYTES + "}");
    }

    /** The next {@code count} bytes. */
    public byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        for (int done = 0; done < count; ) {
            if (used == block.length) {
                mac.update(purpose);
                mac.update((byte) 0);
                block = mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(blocks++).array());
                used = 0;
            }
            int taken = Math.min(count - done, block.length - used);
            System.arraycopy(block, used, bytes, done, taken);
            used += taken;
            done += taken;
        }
        return bytes;
    }

    /**
     * A number from 0 to {@code bound} − 1, each equally likely.
     *
     * @throws IllegalArgumentException when {@code bound} is not positive
     */
    public int below(int bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException("bound " + bound + " is not positive");
        }
        // What 2⁶³ leaves when divided: the numbers above would favour small results.
        long left = (Long.MAX_VALUE % bound + 1) % bound;
        long drawn = draw();
        while (drawn > Long.MAX_VALUE - left) {
            drawn = draw();
        }
        return (int) (drawn % bound);
    }

    private long draw() {
        return ByteBuffer.wrap(bytes(Long.BYTES)).getLong() & Long.MAX_VALUE;
    }

    /** Puts {@code list} into an order of which each is equally likely. */
    public void shuffle(List<?> list) {
        for (int i = list.size() - 1; i > 0; i--) {
            Collections.swap(list, i, below(i + 1));
        }
    }

    @Override
    public String toString() {
        return "keyed stream \"" + new String(purpose, StandardCharsets.UTF_8) + "\"";
    }

    /** The bytes of a text secret. */
    public static byte[] parse(String secret) {
        return HexFormat.of().parseHex(secret);
    }
}
