package dev.stanstudio.web.study.plan;

import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/**
 * Names the files of a study's pictures, in the order in which the plan lists them: 12 bytes of a
 * keyed stream each, in URL-safe base 64, and {@code .png}. Not thread-safe.
 */
public final class PictureNames {
    private static final int BYTES = 12;

    private final KeyedRandom random;

    private PictureNames(KeyedRandom random) {
        this.random = random;
    }

    /** Names of the pictures that are compared. */
    public static PictureNames ofPictures(byte[] secret) {
        return new PictureNames(new KeyedRandom(secret, "picture names"));
    }

    /** Names of the pictures of styles. */
    public static PictureNames ofReferences(byte[] secret) {
        return new PictureNames(new KeyedRandom(secret, "reference names"));
    }

    /** The next name. */
    public String next() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random.bytes(BYTES)) + ".png";
    }

    List<String> first(int count) {
        return Stream.generate(this::next).limit(count).toList();
    }
}
