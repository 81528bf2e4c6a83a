package dev.stanstudio.web.server;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Signs short texts so that nobody else can make or change them (HMAC-SHA-256). Thread-safe. */
public final class Signer {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_BYTES = 32;
    private static final int TAG_BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SecretKeySpec key;

    /** Signs with {@code secret}. */
    public Signer(String secret) {
        this.key = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM);
    }

    /** A signer with a key of its own, forgotten with the process. */
    public static Signer random() {
        return new Signer(randomText(KEY_BYTES));
    }

    /** {@code bytes} random bytes as text that fits into addresses. */
    public static String randomText(int bytes) {
        byte[] random = new byte[bytes];
        RANDOM.nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    /** 22 characters that only the holder of the key can compute from {@code text}. */
    public String tag(String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            byte[] full = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(Arrays.copyOf(full, TAG_BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@code text} with its tag, to give away and to {@link #open} later. */
    public String sign(String text) {
        return text + "~" + tag(text);
    }

    /** The text of a signed one; null when it was made or changed by somebody else. */
    public @Nullable String open(String signed) {
        int end = signed.lastIndexOf('~');
        if (end < 0) {
            return null;
        }
        String text = signed.substring(0, end);
        boolean ours = same(tag(text), signed.substring(end + 1));
        return ours ? text : null;
    }

    /** Returns whether two secrets are the same, in a time that does not tell where they differ. */
    static boolean same(String one, String other) {
        return MessageDigest.isEqual(
                one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }
}
