package dev.stanstudio.sd3.pipeline;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.stanstudio.base.ArgumentException;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The ways in which a hires pass enlarges what the first pass has drawn. */
public enum Enlarging {
    /** Latents, bilinear as ComfyUI's LatentUpscale and A1111's "Latent". */
    LATENT("latent", "Latent"),
    /** Latents, the nearest of each place ("nearest-exact" there). */
    LATENT_NEAREST("latent-nearest", "Latent (nearest-exact)"),
    /** Latents, bicubic. */
    LATENT_BICUBIC("latent-bicubic", "Latent (bicubic)"),
    /** The decoded picture, by Pillow's Lanczos filter. */
    PICTURE("picture", "Lanczos"),
    /** The decoded picture, by a network, then by Pillow's Lanczos filter to the size. */
    UPSCALER("upscaler", "upscaler");

    private final String label;
    private final String a1111Name;

    Enlarging(String label, String a1111Name) {
        this.label = label;
        this.a1111Name = a1111Name;
    }

    /** Returns the name in options and records. */
    @JsonValue
    public String label() {
        return label;
    }

    /** Returns the name in A1111's texts. */
    public String a1111Name() {
        return a1111Name;
    }

    /** Returns the way that a text names, but {@link #UPSCALER}, which has files for names. */
    static Optional<Enlarging> find(String label) {
        return Arrays.stream(values())
                .filter(one -> one != UPSCALER && one.label.equals(label))
                .findFirst();
    }

    /** Returns the way that A1111 calls so. */
    public static Optional<Enlarging> ofA1111(String name) {
        return Arrays.stream(values()).filter(one -> one.a1111Name.equals(name)).findFirst();
    }

    @JsonCreator
    static Enlarging read(String label) {
        return Arrays.stream(values())
                .filter(one -> one.label.equals(label))
                .findFirst()
                .orElseThrow(
                        () ->
                                new ArgumentException(
                                        "a hires pass enlarges by %s, not by '%s'"
                                                .formatted(labels(), label)));
    }

    private static String labels() {
        return Arrays.stream(values()).map(Enlarging::label).collect(Collectors.joining(", "));
    }
}
