package dev.stanstudio.adapter.training;

import dev.stanstudio.base.Sha256;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.Reading;
import dev.stanstudio.base.image.ResampleFilter;
import dev.stanstudio.base.image.Resampler;
import dev.stanstudio.datasets.collection.StyleItem;
import dev.stanstudio.datasets.sample.Framing;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Pictures and captions in an {@link EncodedStore}, so that the encoders can go. A picture is known
 * by the hash of its file and a caption by its text, whatever order a training takes them in.
 * Thread-safe once made.
 */
public final class EncodedExamples implements Examples {
    static final String MOMENTS = "moments";
    static final String TOKENS = "tokens";
    static final String POOLED = "pooled";
    static final String MASK = "mask";
    static final String REPEATS = "encoded.last_repeats";
    private static final Resampler SMOOTH = Resampler.of(ResampleFilter.BILINEAR);

    /** Keys of an example's parts in the store. */
    private record Place(
            String bucket,
            String straight,
            @Nullable String mirrored,
            String text,
            String caption,
            @Nullable String mask,
            @Nullable String mirroredMask) {}

    private final EncodedStore store;
    private final boolean flips;
    private final String empty;
    private final List<Place> places = new ArrayList<>();

    private EncodedExamples(EncodedStore store, boolean flips, String empty) {
        this.store = store;
        this.flips = flips;
        this.empty = empty;
    }

    /**
     * The pictures {@code items}; what is not in {@code store} is encoded and put there.
     *
     * @param files the file of each
     * @param progress receives the number of finished pictures
     * @throws UserException if a picture cannot be read or is not the one that the list means
     * @throws java.util.concurrent.CancellationException if the thread is interrupted
     */
    public static EncodedExamples of(
            EncodedStore store,
            Function<StyleItem, Path> files,
            List<StyleItem> items,
            PictureFraming framing,
            Encoders encoders,
            IntConsumer progress) {
        return of(store, files, items, framing, encoders, null, progress);
    }

    /**
     * The same with masks, or with null without.
     *
     * @throws UserException if a picture lacks its mask
     */
    static EncodedExamples of(
            EncodedStore store,
            Function<StyleItem, Path> files,
            List<StyleItem> items,
            PictureFraming framing,
            Encoders encoders,
            @Nullable PictureMask masks,
            IntConsumer progress) {
        String empty = caption(store, encoders, "");
        EncodedExamples examples = new EncodedExamples(store, framing.flips(), empty);
        for (StyleItem item : items) {
            Framing frame = framing.of(item);
            String key = key(encoders, item, frame, false);
            String mirrored = framing.flips() ? key(encoders, item, frame, true) : null;
            put(store, files, item, frame, encoders, key, false);
            if (mirrored != null) {
                put(store, files, item, frame, encoders, mirrored, true);
            }
            String text = caption(store, encoders, item.text());
            String mask = mask(store, files.apply(item), item, frame, masks, false);
            String turned =
                    framing.flips()
                            ? mask(store, files.apply(item), item, frame, masks, true)
                            : null;
            examples.places.add(
                    new Place(
                            frame.bucket().toString(),
                            key,
                            mirrored,
                            text,
                            item.text(),
                            mask,
                            turned));
            progress.accept(examples.places.size());
        }
        return examples;
    }

    private static String key(Encoders encoders, StyleItem item, Framing frame, boolean mirrored) {
        return "%s\npicture %s\n%s%s"
                .formatted(
                        encoders.pictureKey(), item.sha256(), frame, mirrored ? "\nmirrored" : "");
    }

    private static void put(
            EncodedStore store,
            Function<StyleItem, Path> files,
            StyleItem item,
            Framing frame,
            Encoders encoders,
            String key,
            boolean mirrored) {
        if (store.has(key)) {
            return;
        }
        Picture picture = frame.apply(picture(files.apply(item), item), SMOOTH);
        try (Scope scope = Scope.open("picture")) {
            store.put(key, encoders.picture(scope, mirrored ? mirrored(picture) : picture));
        }
    }

    /** Puts the mask of a picture, and returns its key. */
    private static @Nullable String mask(
            EncodedStore store,
            Path picture,
            StyleItem item,
            Framing frame,
            @Nullable PictureMask masks,
            boolean mirrored) {
        if (masks == null) {
            return null;
        }
        String key =
                "%s\n%s%s".formatted(masks.key(picture, item), frame, mirrored ? "\nmirrored" : "");
        if (!store.has(key)) {
            Picture cut = frame.apply(masks.grey(picture, item), SMOOTH);
            try (Scope scope = Scope.open("mask")) {
                Tensor values = PictureMask.latents(scope, mirrored ? mirrored(cut) : cut);
                store.put(key, new EncodedStore.Entry(Map.of(), Map.of(MASK, values)));
            }
        }
        return key;
    }

    /** The key names the file's content: another one under it would never be noticed later. */
    private static Picture picture(Path file, StyleItem item) {
        if (!Sha256.ofFile(file).equals(item.sha256())) {
            throw new UserException(
                    file
                            + " is not the picture that the list means (its SHA-256 differs);"
                            + " import the collection anew");
        }
        return Picture.read(file, Reading.SEEN);
    }

    private static Picture mirrored(Picture picture) {
        byte[] from = picture.samples();
        byte[] to = new byte[from.length];
        int row = 3 * picture.width();
        for (int start = 0; start < from.length; start += row) {
            for (int x = 0; x < row; x += 3) {
                System.arraycopy(from, start + x, to, start + row - 3 - x, 3);
            }
        }
        return Picture.of(picture.width(), picture.height(), picture.mode(), to);
    }

    private static String caption(EncodedStore store, Encoders encoders, String text) {
        String key = encoders.captionKey(text);
        if (!store.has(key)) {
            try (Scope scope = Scope.open("caption")) {
                store.put(key, encoders.caption(scope, text));
            }
        }
        return key;
    }

    @Override
    public int count() {
        return places.size();
    }

    @Override
    public String bucket(int index) {
        return places.get(index).bucket();
    }

    @Override
    public boolean flips() {
        return flips;
    }

    @Override
    public Example open(Scope scope, int index, boolean flipped, boolean captioned) {
        Place place = places.get(index);
        String picture = flipped ? place.mirrored() : place.straight();
        if (picture == null) {
            throw new IllegalArgumentException("no mirrored pictures were asked for");
        }
        Tensor moments = tensor(store.open(scope, picture), MOMENTS);
        EncodedStore.Entry text = store.open(scope, captioned ? place.text() : empty);
        int repeats = Integer.parseInt(text.notes().getOrDefault(REPEATS, "1"));
        String mask = flipped ? place.mirroredMask() : place.mask();
        return new Example(
                moments,
                tensor(text, TOKENS),
                tensor(text, POOLED),
                repeats,
                mask == null ? null : tensor(store.open(scope, mask), MASK),
                List.of(captioned ? place.caption() : ""));
    }

    private static Tensor tensor(EncodedStore.Entry entry, String name) {
        Tensor tensor = entry.tensors().get(name);
        if (tensor == null) {
            throw new UserException("the cache has a file without " + name + "; remove the cache");
        }
        return tensor;
    }
}
