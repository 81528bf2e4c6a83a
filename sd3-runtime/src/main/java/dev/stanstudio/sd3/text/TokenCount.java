package dev.stanstudio.sd3.text;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Counts the tokens that an encoder reads of a prompt.
 *
 * @param tokens of the whole prompt, with the special ones around each chunk
 * @param most tokens that it reads
 * @param cut the end that it does not read, as its tokens spell it; empty for nothing
 */
public record TokenCount(int tokens, int most, String cut) {
    static TokenCount of(List<Chunk> chunks, int special) {
        int tokens = 0;
        int most = 0;
        for (Chunk chunk : chunks) {
            tokens += chunk.encoding().contentTokens() + chunk.encoding().cutTokens() + special;
            most += chunk.weights().length;
        }
        String cut =
                chunks.stream()
                        .map(chunk -> chunk.encoding().truncatedText())
                        .collect(Collectors.joining());
        return new TokenCount(tokens, most, cut);
    }
}
