package dev.stanstudio.scoring.score;

import dev.stanstudio.scoring.clip.ClipModel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Directions of prompts, each computed once and alone, so that its numbers do not depend on what
 * else is scored. Remembers a bounded number. For one thread.
 */
final class TextVectors {
    private static final int REMEMBERED = 10_000;

    private final ClipModel clip;
    private final String prefix;
    private final Map<String, double[]> known =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, double[]> eldest) {
                    return size() > REMEMBERED;
                }
            };

    TextVectors(ClipModel clip, String prefix) {
        this.clip = clip;
        this.prefix = prefix;
    }

    double[] of(String prompt) {
        return known.computeIfAbsent(prompt, this::compute);
    }

    private double[] compute(String prompt) {
        return Units.of(clip.embed(List.of(prefix + prompt))[0]);
    }

    /** Whether the text tower sees all of the prompt. */
    boolean fits(String prompt) {
        return clip.fits(prefix + prompt);
    }
}
