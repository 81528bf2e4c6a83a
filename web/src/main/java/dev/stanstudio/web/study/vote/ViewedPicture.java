package dev.stanstudio.web.study.vote;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.web.study.plan.KeyedRandom;
import dev.stanstudio.web.study.source.StoredPng;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes the bytes of a picture for one voter, trial and slot: every sample is left as it is (one
 * half), or one level lighter or darker (a quarter each), by a key stream that only the studio can
 * compute. So neither a file nor any of its pixels need be equal in two views, and lengths follow
 * from the picture's size alone ({@link StoredPng}). The same view always has the same bytes.
 */
final class ViewedPicture {
    private static final int KEY_BYTES = 32;
    private static final int IV_BYTES = 16;

    /** By two bits of the key stream. */
    private static final int[] CHANGE = {-1, 0, 0, 1};

    private ViewedPicture() {}

    /**
     * The bytes of the view that is named {@code key} in its address.
     *
     * @param secret the study's
     * @throws IOException when the file cannot be read
     */
    static byte[] of(Path file, String secret, String key) throws IOException {
        byte[] stored = Files.readAllBytes(file);
        StoredPng.Pixels pixels = StoredPng.decode(stored);
        if (pixels == null) {
            // A study of an earlier version keeps compressed files.
            Picture picture = Picture.read(file).toRgb();
            pixels = new StoredPng.Pixels(picture.width(), picture.height(), picture.samples());
        }
        KeyedRandom random =
                new KeyedRandom(secret.getBytes(StandardCharsets.UTF_8), "view " + key);
        change(pixels.samples(), stream(random.bytes(KEY_BYTES), pixels.samples().length));
        return StoredPng.encode(pixels);
    }

    /** AES-256 in counter mode: two bits for each of {@code samples}. */
    private static byte[] stream(byte[] key, int samples) {
        try {
            Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(
                    Cipher.ENCRYPT_MODE,
                    new SecretKeySpec(key, "AES"),
                    new IvParameterSpec(new byte[IV_BYTES]));
            return cipher.doFinal(new byte[(samples + 3) / 4]);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void change(byte[] samples, byte[] stream) {
        for (int i = 0; i < samples.length; i++) {
            int changed = (samples[i] & 0xFF) + CHANGE[stream[i >> 2] >> (2 * (i & 3)) & 3];
            samples[i] = (byte) Math.max(0, Math.min(255, changed));
        }
    }
}
