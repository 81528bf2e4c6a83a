package dev.stanstudio.adapter.training;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.command.Progress;
import dev.stanstudio.training.SingleNumber;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Declares the options of prior preservation and of masks. */
final class PriorOptions {
    @Option(
            names = "--prior-data",
            paramLabel = "DIR",
            description =
                    "A collection of pictures that the model draws already: each step learns from"
                            + " as many of them, so that it does not forget them.")
    @Nullable Path data;

    @Option(
            names = "--prior-weight",
            paramLabel = "X",
            description = "What their loss counts beside the others' (1).")
    @Nullable Double weight;

    @Option(
            names = "--masked-loss",
            paramLabel = "WHERE",
            description =
                    "alpha: the pictures' opacity, or a folder of masks named as the pictures:"
                            + " black places are not learned.")
    @Nullable String masks;

    /** Refuses options that do not go together. */
    void check(boolean buckets) {
        if (data == null && weight != null) {
            throw new ArgumentException("--prior-weight needs --prior-data");
        }
        if (!(weight() > 0 && Double.isFinite(weight()))) {
            throw new ArgumentException("--prior-weight must be above 0, not " + weight());
        }
        SingleNumber.require("--prior-weight", weight());
        if (data != null && buckets) {
            throw new ArgumentException(
                    "--prior-data needs pictures of one size; leave --buckets out");
        }
        masks();
    }

    /** Returns whether any was given. */
    boolean given() {
        return data != null || weight != null || masks != null;
    }

    double weight() {
        return weight == null ? 1 : weight;
    }

    @Nullable PictureMask masks() {
        return masks == null ? null : PictureMask.of(masks);
    }

    /** Encodes the pictures of the prior, if there is one, but those of validation and test. */
    Examples.@Nullable Prior encode(
            EncodedStore store, PictureFraming framing, Encoders encoders, Progress progress) {
        if (data == null) {
            return null;
        }
        DataOptions all = new DataOptions();
        all.data = data;
        return new Examples.Prior(all.encodeAll(store, framing, encoders, progress), weight());
    }

    /** Returns what a resumed training must have the same. */
    String identity() {
        String prior =
                data == null
                        ? ""
                        : " prior %s by %s".formatted(DataOptions.listHash(data), weight());
        return prior + (masks == null ? "" : " masked by " + masks);
    }

    /** Returns the entries of the adapter's record. */
    Map<String, String> notes() {
        Map<String, String> notes = new TreeMap<>();
        if (data != null) {
            notes.put("prior", "%s, weight %s".formatted(data, weight()));
        }
        if (masks != null) {
            notes.put("masked_loss", masks);
        }
        return notes;
    }
}
