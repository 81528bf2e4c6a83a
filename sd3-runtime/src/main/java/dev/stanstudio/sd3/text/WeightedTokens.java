package dev.stanstudio.sd3.text;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.tokenizer.Encoding;
import dev.stanstudio.sd3.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The tokens of a weighted text with their weights. Words of one weight are encoded by themselves,
 * and cut into chunks of as many tokens as a pass reads beside the special ones (sd_embed's
 * get_weighted_text_embeddings_sd3).
 */
record WeightedTokens(Tokenizer tokenizer, List<Run> sections) {
    /** Far beyond what prompts have; each chunk makes every step of the transformer longer. */
    static final int MOST_CHUNKS = 32;

    /** Tokens of a section without special ones, and a weight for each. */
    @SuppressWarnings("ArrayRecordComponent") // Made for one prompt, never compared.
    record Run(int[] ids, float[] weights) {
        Run part(int from, int to) {
            return new Run(
                    Arrays.copyOfRange(ids, from, to), Arrays.copyOfRange(weights, from, to));
        }

        static Run joined(List<Run> runs) {
            int length = runs.stream().mapToInt(run -> run.ids().length).sum();
            int[] ids = new int[length];
            float[] weights = new float[length];
            int at = 0;
            for (Run run : runs) {
                System.arraycopy(run.ids(), 0, ids, at, run.ids().length);
                System.arraycopy(run.weights(), 0, weights, at, run.ids().length);
                at += run.ids().length;
            }
            return new Run(ids, weights);
        }
    }

    static WeightedTokens of(Tokenizer tokenizer, WeightedText text) {
        List<Run> sections = new ArrayList<>();
        for (List<WeightedText.Part> section : text.sections()) {
            List<Run> runs = new ArrayList<>();
            for (WeightedText.Part part : section) {
                int[] ids = tokenizer.content(part.text());
                float[] weights = new float[ids.length];
                Arrays.fill(weights, (float) part.weight());
                runs.add(new Run(ids, weights));
            }
            sections.add(Run.joined(runs));
        }
        return new WeightedTokens(tokenizer, sections);
    }

    /**
     * Returns the chunks, at least one; the last of a section is padded, an empty section left out.
     *
     * @throws ArgumentException for more than {@value #MOST_CHUNKS}
     */
    List<Chunk> chunks(int length) {
        int room = Math.max(1, length - tokenizer.specialTokens());
        List<Chunk> chunks = new ArrayList<>();
        for (Run section : sections) {
            for (int from = 0; from < section.ids().length; from += room) {
                int to = Math.min(from + room, section.ids().length);
                chunks.add(chunk(section.part(from, to), length));
            }
        }
        if (chunks.size() > MOST_CHUNKS) {
            throw new ArgumentException(
                    "the prompt fills %d chunks of %d tokens; at most %d are read, so shorten it"
                            .formatted(chunks.size(), room, MOST_CHUNKS));
        }
        return chunks.isEmpty() ? List.of(chunk(Run.joined(List.of()), length)) : chunks;
    }

    /** Returns one pass over all sections; what does not fit is cut. */
    Chunk sequence(int length) {
        return chunk(Run.joined(sections), length);
    }

    private Chunk chunk(Run run, int length) {
        Encoding encoding = tokenizer.encode(run.ids(), length);
        float[] weights = new float[length];
        Arrays.fill(weights, 1);
        System.arraycopy(
                run.weights(), 0, weights, tokenizer.leadingTokens(), encoding.contentTokens());
        return new Chunk(encoding, weights);
    }
}
