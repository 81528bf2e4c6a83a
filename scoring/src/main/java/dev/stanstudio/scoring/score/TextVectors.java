package dev.stanstudio.scoring.score;

import dev.stanstudio.base.LruCache;
import dev.stanstudio.scoring.metric.Vectors;
import dev.stanstudio.scoring.vision.ClipModel;
import java.util.List;

/**
 * Computes unit vectors of prompts, each once and alone, so that its numbers do not depend on the
 * other prompts. Remembers a bounded number. For one thread.
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
        return Vectors.unit(clip.embed(List.of(prefix + prompt))[0]);
    }

    /** Returns true if the text tower reads all of the prompt. */
    boolean fits(String prompt) {
        return fitting.get(prompt, text -> clip.fits(prefix + text));
    }
}
