package dev.stanstudio.sd3.model;

import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Tokenizers read at once on other threads, because parsing their vocabularies is the longest part
 * of opening a small model. Owns what it read.
 */
final class TokenizerLoads implements AutoCloseable {
    private final Map<Path, CompletableFuture<Tokenizer>> loads = new LinkedHashMap<>();

    TokenizerLoads(List<Path> folders) {
        for (Path folder : folders) {
            loads.put(folder, CompletableFuture.supplyAsync(() -> Tokenizer.load(folder)));
        }
    }

    /**
     * The tokenizer of {@code folder}, one of those named at the start, for an encoder whose table
     * has {@code words} rows.
     *
     * @throws UserException if it has tokens that the table has no row for
     */
    Tokenizer get(Path folder, int words) {
        Tokenizer tokenizer = get(folder);
        if (tokenizer.largestId() >= words) {
            throw new UserException(
                    "%s has ids up to %d, the encoder's table %d rows; take tokenizer and encoder from one model"
                            .formatted(folder, tokenizer.largestId(), words));
        }
        return tokenizer;
    }

    private Tokenizer get(Path folder) {
        CompletableFuture<Tokenizer> load = loads.get(folder);
        if (load == null) {
            throw new IllegalArgumentException("no tokenizer was read from " + folder);
        }
        try {
            return load.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    @Override
    public void close() {
        for (CompletableFuture<Tokenizer> load : loads.values()) {
            load.handle(
                            (tokenizer, failure) -> {
                                if (tokenizer != null) {
                                    tokenizer.close();
                                }
                                return true;
                            })
                    .join();
        }
    }
}
