package dev.stanstudio.web.study.cli;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.web.study.source.PromptSample;
import dev.stanstudio.web.study.source.StudyPictures;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of a study over some of its prompts. */
final class SamplingOptions {
    @Option(
            names = "--prompts",
            paramLabel = "N",
            description = "Ask about N prompts, sampled at random, with one seed each (all).")
    @Nullable Integer prompts;

    @Option(
            names = "--prompts-seed",
            paramLabel = "N",
            description = "Decides which prompts --prompts takes (0).")
    @Nullable Long seed;

    /** Returns the pictures that are asked about. */
    StudyPictures of(StudyPictures all) {
        if (prompts == null) {
            if (seed != null) {
                throw new ArgumentException("--prompts-seed needs --prompts");
            }
            return all;
        }
        return new PromptSample(prompts, seed()).of(all);
    }

    private long seed() {
        return seed == null ? 0 : seed;
    }

    /** Returns words to stand behind the number of prompts. */
    String words() {
        return prompts == null ? "" : " (sampled with seed %d)".formatted(seed());
    }

    /** Adds the seed of the sample to the facts about a study. */
    void tell(Map<String, Object> facts) {
        if (prompts != null) {
            facts.put("prompts_seed", seed());
        }
    }
}
