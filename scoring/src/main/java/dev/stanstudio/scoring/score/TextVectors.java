package dev.stanstudio.scoring.score;

import dev.stanstudio.scoring.vision.ClipModel;
import java.util.List;

/**
 * Directions of prompts, each computed once and alone, so that its numbers do not depend on what
 * else is scored. Remembers a bounded number. For one thread.
 */
final class TextVectors {
    private static final int REMEMBERED = 10_000;

    private final ClipModel clip;
    private final String prefix;
    private final LruCache<String, double[]> known = new LruCache<>(REMEMBERED);
    private final LruCache<String, Boolean> fitting = new LruCache<>(REMEMBERED);

    TextVectors(ClipModel clip, String prefix) {
        this.clip = clip;
        this.prefix = prefix;
    }

    double[] of(String prompt) {
        return known.get(prompt, this::compute);
    }

    private double[] compute(String prompt) {
        return UnitVectors.of(clip.embed(List.of(prefix + prompt))[0]);
    }

    /** Whether the text tower sees all of the prompt. */
    boolean fits(String prompt) {
        return fitting.get(prompt, text -> clip.fits(prefix + text));
    }
}
