package dev.stanstudio.adapter.training;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Sha256;
import dev.stanstudio.base.StyleNames;
import dev.stanstudio.base.command.Progress;
import dev.stanstudio.datasets.collection.StyleCollection;
import dev.stanstudio.datasets.collection.StyleItem;
import dev.stanstudio.datasets.sample.AspectBuckets;
import dev.stanstudio.datasets.sample.Selection;
import dev.stanstudio.sd3.model.ModelSource;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say which pictures and captions are trained on, and how they are prepared. */
final class DataOptions {
    private static final int STEP = 16;
    private static final int TELL_EVERY = 100;
    private static final String VALIDATION = "validation";
    private static final String TEST = "test";
    private static final String REFERENCES = "references";

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "A style collection; its part validation chooses the weights, its part test is"
                            + " left alone.")
    @Nullable Path data;

    @Option(
            names = "--style",
            split = ",",
            paramLabel = "NAME",
            description = "Only pictures of these styles (default: all).")
    List<String> styles = List.of();

    @Option(
            names = "--repeats",
            split = ",",
            paramLabel = "STYLE=N",
            description = "How often the pictures of a style come in an epoch (once).")
    Map<String, Integer> repeats = new LinkedHashMap<>();

    @Option(
            names = "--balance",
            paramLabel = "BY",
            description = "style: every style comes equally often in an epoch; or none (none).")
    String balance = "none";

    @Option(
            names = "--validate-on",
            paramLabel = "N",
            description = "At most so many pictures of the part validation (default: all).")
    @Nullable Integer validateOn;

    @Option(
            names = "--resolution",
            paramLabel = "PX",
            description = "Side of the squares, divisible by 16 (the preset's, else the model's).")
    @Nullable Integer resolution;

    @Option(
            names = "--buckets",
            description =
                    "Keep the pictures' shapes: sizes of as many pixels, half to twice as wide.")
    boolean buckets;

    @Option(
            names = "--crop",
            paramLabel = "WHERE",
            description = "centre, or random: one place for each picture (${DEFAULT-VALUE}).")
    String crop = "centre";

    @Option(names = "--flip", description = "Mirror pictures half of the time.")
    boolean flip;

    @Mixin EncodingOptions encoding = new EncodingOptions();

    @Mixin PriorOptions prior = new PriorOptions();

    /** Pictures to learn from, and those of the part validation. */
    record Split(List<StyleItem> train, List<StyleItem> heldOut) {}

    /** Both, encoded. */
    record Encoded(EncodedExamples train, EncodedExamples heldOut, Examples.@Nullable Prior prior) {
        Examples.Split examples() {
            return new Examples.Split(train, heldOut, prior);
        }
    }

    /**
     * Returns the folder of the collection.
     *
     * @throws ArgumentException if none was named
     */
    Path folder() {
        if (data == null) {
            throw new ArgumentException(
                    "name a style collection with --data, or votes with --preferences");
        }
        return data;
    }

    /** Refuses options that choose pictures of a collection, where votes do. */
    void refuseSelection() {
        boolean chosen = data != null || !styles.isEmpty() || !repeats.isEmpty();
        if (chosen || !balance.equals("none") || validateOn != null || !crop.equals("centre")) {
            throw new ArgumentException(
                    "--data, --style, --repeats, --balance, --validate-on and --crop random do not"
                            + " go with --preferences");
        }
        if (prior.given()) {
            throw new ArgumentException(
                    "--prior-data, --prior-weight and --masked-loss do not go with --preferences");
        }
    }

    /** Returns the pictures of the styles; those of test and references are in neither half. */
    Split split(StyleCollection collection) {
        if (validateOn != null && validateOn < 1) {
            throw new ArgumentException("--validate-on must be at least 1, not " + validateOn);
        }
        List<StyleItem> all = new Selection(styles, List.of()).of(collection);
        List<StyleItem> heldOut = validation(all);
        List<StyleItem> train =
                all.stream()
                        .filter(item -> !isIn(item, VALIDATION) && !isIn(item, TEST))
                        .filter(item -> !isIn(item, REFERENCES))
                        .toList();
        if (train.isEmpty()) {
            throw new ArgumentException(
                    folder() + " has no pictures to train on: all are in validation or test");
        }
        return new Split(repeated(train), heldOut);
    }

    private List<StyleItem> repeated(List<StyleItem> train) {
        boolean balanced = balance.equals("style");
        if (!balanced && !balance.equals("none")) {
            throw new ArgumentException("--balance is style or none, not '" + balance + "'");
        }
        return new Repeats(repeats, balanced).of(train, this::style);
    }

    /** Returns the style that a picture is taken for: of several the first that was asked for. */
    private String style(StyleItem item) {
        List<String> asked = styles.stream().map(StyleNames::canonical).toList();
        List<String> own = item.labels().styles();
        return own.stream()
                .filter(asked::contains)
                .findFirst()
                .orElse(own.isEmpty() ? "" : own.get(0));
    }

    /** Those with the smallest hashes are a random choice that is always the same. */
    private List<StyleItem> validation(List<StyleItem> all) {
        List<StyleItem> found = all.stream().filter(item -> isIn(item, VALIDATION)).toList();
        if (validateOn == null || found.size() <= validateOn) {
            return found;
        }
        return found.stream()
                .sorted(Comparator.comparing(StyleItem::sha256))
                .limit(validateOn)
                .toList();
    }

    private static boolean isIn(StyleItem item, String part) {
        return part.equals(item.labels().split());
    }

    /** Returns the side of the squares, in pixels. */
    int side(ModelSource source, @Nullable Integer preset) {
        Integer wanted = resolution == null ? preset : resolution;
        return wanted == null ? source.defaults().width() : wanted;
    }

    /** Returns the framing of pictures for a model. */
    PictureFraming framing(ModelSource source, @Nullable Integer preset, long seed) {
        int side = side(source, preset);
        int most = source.transformerConfig().maxPixels();
        if (side < STEP || side % STEP != 0) {
            throw new ArgumentException("--resolution must be divisible by 16, not " + side);
        }
        if (side > most) {
            throw new ArgumentException(
                    "%s knows at most %s pixels a side, not %s"
                            .formatted(source.name(), most, side));
        }
        AspectBuckets sizes =
                buckets ? PictureFraming.buckets(side, most) : AspectBuckets.only(side, side);
        return new PictureFraming(sizes, PictureFraming.crops(crop, seed), flip);
    }

    /** Encodes what is not in the cache yet. */
    Encoded encode(
            Function<StyleItem, Path> files,
            Split split,
            PictureFraming framing,
            Encoders encoders,
            PrintWriter err) {
        PictureFraming straight = new PictureFraming(framing.buckets(), framing.crops(), false);
        EncodedStore store = encoding.store();
        int count = split.train().size() + split.heldOut().size();
        try (Progress progress = new Progress(err)) {
            progress.phase("encoding pictures");
            progress.begin("encoding", count);
            EncodedExamples train =
                    EncodedExamples.of(
                            store,
                            files,
                            split.train(),
                            framing,
                            encoders,
                            prior.masks(),
                            done -> showProgress(progress, done, count));
            EncodedExamples heldOut =
                    EncodedExamples.of(
                            store,
                            files,
                            split.heldOut(),
                            straight,
                            encoders,
                            prior.masks(),
                            done -> showProgress(progress, split.train().size() + done, count));
            return new Encoded(train, heldOut, prior.encode(store, framing, encoders, progress));
        }
    }

    private static void showProgress(Progress progress, int done, int count) {
        progress.done(done);
        if (done == count || done % TELL_EVERY == 0) {
            progress.line("encoded %d of %d pictures".formatted(done, count));
        }
    }

    /** Identity of what is trained on, for resuming: the list of pictures, and how they are cut. */
    String identity(PictureFraming framing) {
        String often = repeats.isEmpty() ? "" : " repeated " + repeats;
        String even = balance.equals("none") ? "" : " balanced by " + balance;
        String limit = validateOn == null ? "" : " validated on " + validateOn;
        return listHash()
                + " "
                + styles
                + " "
                + framing
                + encoding.identity()
                + often
                + even
                + limit
                + prior.identity();
    }

    private String listHash() {
        return listHash(folder());
    }

    /** Returns the hash of the list of the collection in {@code folder}. */
    static String listHash(Path folder) {
        return Sha256.ofFile(folder.resolve(StyleCollection.METADATA));
    }

    /** Encodes all pictures to train on; {@code progress} tells how many of them are done. */
    EncodedExamples encodeAll(
            EncodedStore store, PictureFraming framing, Encoders encoders, Progress progress) {
        StyleCollection collection = StyleCollection.open(folder());
        List<StyleItem> items = split(collection).train();
        progress.begin("encoding the prior", items.size());
        return EncodedExamples.of(
                store, collection::file, items, framing, encoders, progress::done);
    }

    /** Returns the pictures of the collection as what is trained on. */
    TrainingData pictures(PictureFraming framing) {
        StyleCollection collection = StyleCollection.open(folder());
        return new CollectionData(this, collection, split(collection), framing);
    }

    /** Returns the entries of the adapter's record. */
    Map<String, String> notes(Split split, PictureFraming framing) {
        Map<String, String> notes = new LinkedHashMap<>();
        notes.put("data", folder().toString());
        notes.put("data_sha256", listHash());
        notes.put("styles", styles.isEmpty() ? "all" : String.join(", ", styles));
        notes.put("pictures", String.valueOf(split.train().stream().distinct().count()));
        if (!repeats.isEmpty() || !balance.equals("none")) {
            notes.put("repeats", "%s, balance %s".formatted(repeats, balance));
        }
        notes.put("framing", framing.described());
        notes.putAll(prior.notes());
        return notes;
    }
}
