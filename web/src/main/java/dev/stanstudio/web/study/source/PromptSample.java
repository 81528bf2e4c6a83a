package dev.stanstudio.web.study.source;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Sha256;
import dev.stanstudio.web.study.source.StudyPictures.Row;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Samples prompts of a study, and one seed of each: those with the smallest hashes of the sample's
 * seed, style and prompt. So a sample follows from the pictures and the seed, whatever their order.
 *
 * @param prompts how many
 * @param seed of the sample
 */
public record PromptSample(int prompts, long seed) {
    /** Checks the number. */
    public PromptSample {
        if (prompts < 1) {
            throw new ArgumentException("--prompts must be at least 1, not " + prompts);
        }
    }

    /**
     * Returns the pictures of the sampled prompts, in their order.
     *
     * @throws ArgumentException if there are fewer prompts
     */
    public StudyPictures of(StudyPictures material) {
        Map<String, Row> first = new HashMap<>();
        for (Row row : material.rows()) {
            first.merge(prompt(row), row, (a, b) -> hash(a).compareTo(hash(b)) <= 0 ? a : b);
        }
        if (first.size() < prompts) {
            throw new ArgumentException(
                    "--prompts %d is more than the %d prompts that there are"
                            .formatted(prompts, first.size()));
        }
        List<String> order = new ArrayList<>(first.keySet());
        order.sort(Comparator.comparing(name -> Sha256.of(seed + "\n" + name)));
        Set<Row> chosen = new HashSet<>();
        order.subList(0, prompts).forEach(name -> chosen.add(first.get(name)));
        return new StudyPictures(
                material.methods(),
                material.rows().stream().filter(chosen::contains).toList(),
                material.leftOut(),
                material.ambiguous());
    }

    private static String prompt(Row row) {
        return row.style() + "\n" + row.prompt();
    }

    private String hash(Row row) {
        return Sha256.of(seed + "\n" + prompt(row) + "\n" + row.seed());
    }
}
