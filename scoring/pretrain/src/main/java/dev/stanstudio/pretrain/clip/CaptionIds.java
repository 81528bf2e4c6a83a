package dev.stanstudio.pretrain.clip;

import dev.stanstudio.sd3.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Captions as rows of ids, each encoded once. Belongs to one thread. */
final class CaptionIds implements AutoCloseable {
    private final Tokenizer tokenizer;
    private final int length;
    private final Map<String, long[]> known = new HashMap<>();

    CaptionIds(Path folder, int length) {
        this.tokenizer = Tokenizer.load(folder);
        this.length = length;
    }

    /** Rows [B, length]. */
    long[][] rows(List<String> captions) {
        return captions.stream()
                .map(caption -> known.computeIfAbsent(caption, this::encode))
                .toArray(long[][]::new);
    }

    private long[] encode(String caption) {
        return Arrays.stream(tokenizer.encode(caption, length).ids()).asLongStream().toArray();
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
