package dev.stanstudio.sd3.tokenizer;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.stanstudio.base.UserException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;

/**
 * One tokenizer of the library. Encoding and decoding only read the native object, so threads share
 * it; closing waits until no thread is inside.
 */
final class NativeTokenizer implements AutoCloseable {
    private static final Map<String, String> NEITHER_CUT_NOR_PAD =
            Map.of("addSpecialTokens", "true", "truncation", "false", "padding", "false");
    private static final int REPLACEMENT = 0xFFFD;

    static {
        // Where the library finds a GPU it would download a CUDA build of itself, and it reports
        // statistics of its use. Both are switched off: tokens are computed on the CPU.
        setUnlessGiven("RUST_FLAVOR", "cpu");
        setUnlessGiven("OPT_OUT_TRACKING", "true");
    }

    private final TokenizerFolder folder;
    private final HuggingFaceTokenizer library;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean closed;

    private NativeTokenizer(TokenizerFolder folder, HuggingFaceTokenizer library) {
        this.folder = folder;
        this.library = library;
    }

    /** Loads the text of a tokenizer.json that stands for {@code folder}. */
    static NativeTokenizer load(TokenizerFolder folder, String tokenizerJson) {
        try (var in = new ByteArrayInputStream(tokenizerJson.getBytes(StandardCharsets.UTF_8))) {
            return new NativeTokenizer(
                    folder, HuggingFaceTokenizer.newInstance(in, NEITHER_CUT_NOR_PAD));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (LinkageError | EngineException e) {
            throw new UserException(
                    "the tokenizers library does not load ("
                            + e
                            + "); check that this platform is supported and that DJL_CACHE_DIR, or"
                            + " ~/.djl.ai, can be written",
                    e);
        } catch (RuntimeException e) {
            throw refused(folder, "be loaded", e);
        }
    }

    /** Encodes with special tokens, uncut and unpadded. */
    ai.djl.huggingface.tokenizers.Encoding encode(String text) {
        String sound = withoutLoneSurrogates(text);
        return inside("encode a text", tokenizer -> tokenizer.encode(sound, true, false));
    }

    /** The text of the tokens, special ones included. */
    String decode(long[] ids) {
        return inside("decode ids", tokenizer -> tokenizer.decode(ids, false));
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            closed = true;
            library.close();
        } finally {
            lock.writeLock().unlock();
        }
    }

    private <T> T inside(String task, Function<HuggingFaceTokenizer, T> work) {
        lock.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("tokenizer " + folder.path() + " is closed");
            }
            return call(task, work);
        } finally {
            // The library frees the native object in a finalizer.
            Reference.reachabilityFence(library);
            lock.readLock().unlock();
        }
    }

    private <T> T call(String task, Function<HuggingFaceTokenizer, T> work) {
        try {
            return work.apply(library);
        } catch (RuntimeException e) {
            throw refused(folder, task, e);
        }
    }

    private static UserException refused(TokenizerFolder folder, String task, Exception e) {
        return new UserException(
                "%s: the tokenizer cannot %s (%s); fetch its files again"
                        .formatted(folder.path(), task, e.getMessage()),
                e);
    }

    /** The library takes UTF-8, which has no such characters. */
    private static String withoutLoneSurrogates(String text) {
        return text.codePoints()
                .map(c -> Character.getType(c) == Character.SURROGATE ? REPLACEMENT : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static void setUnlessGiven(String name, String value) {
        if (System.getProperty(name) == null) {
            System.setProperty(name, value);
        }
    }
}
