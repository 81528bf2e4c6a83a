package dev.stanstudio.adapter.training;

import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.text.PromptEncoder;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Declares the options of reading captions and of keeping what was encoded. */
final class EncodingOptions {
    @Option(
            names = "--max-sequence-length",
            paramLabel = "N",
            description = "T5 tokens (default: the model's).")
    @Nullable Integer sequence;

    @Option(names = "--no-t5", description = "Do without T5.")
    boolean noT5;

    @Option(
            names = "--cache",
            paramLabel = "DIR",
            description =
                    "Where encoded pictures and captions are kept for this and later trainings"
                            + " (default: encoded in the studio's cache).")
    @Nullable Path cache;

    /** Returns the way captions are read. */
    PromptEncoder.Reading reading(ModelSource source) {
        int length = sequence == null ? source.defaults().maxSequenceLength() : sequence;
        return new PromptEncoder.Reading(0, length, !noT5);
    }

    /** Returns the place of encoded pictures and captions. */
    EncodedStore store() {
        return new EncodedStore(Objects.requireNonNullElseGet(cache, this::home));
    }

    /** Returns what a resumed training must have the same. */
    String identity() {
        return noT5 ? " without T5" : "";
    }

    private Path home() {
        return Path.of(System.getProperty("user.home"), ".cache", "stan-studio", "encoded");
    }
}
