package dev.stanstudio.datasets.sample;

import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.ResampleFilter;
import dev.stanstudio.base.image.Resampler;
import dev.stanstudio.datasets.collection.StyleCollection;
import dev.stanstudio.datasets.collection.StyleItem;
import java.util.List;

/**
 * The pictures of a collection that a training or a comparison uses, by number from 0 in the order
 * of the list. Pictures are read when they are asked for, never kept. Immutable; may be shared
 * between threads.
 */
public final class SampleSet {
    private static final Resampler SMOOTH = Resampler.of(ResampleFilter.LANCZOS);

    private final StyleCollection collection;
    private final List<StyleItem> items;
    private final CaptionPolicy captions;

    private SampleSet(StyleCollection collection, List<StyleItem> items, CaptionPolicy captions) {
        this.collection = collection;
        this.items = List.copyOf(items);
        this.captions = captions;
    }

    /**
     * The selected pictures of {@code collection}.
     *
     * @throws UserException when there are none, or the list makes no sense
     */
    public static SampleSet of(
            StyleCollection collection, Selection selection, CaptionPolicy captions) {
        return new SampleSet(collection, selection.of(collection), captions);
    }

    /** Returns the number of examples, at least 1. */
    public int size() {
        return items.size();
    }

    /** All of them. */
    public List<StyleItem> items() {
        return items;
    }

    /** The caption of picture {@code index} in {@code epoch}, empty where it is dropped. */
    public String caption(int index, long epoch) {
        return captions.caption(items.get(index), epoch);
    }

    /**
     * Picture {@code index}: upright, RGB, transparent parts on white.
     *
     * @throws UserException when its file is missing or damaged, or not of the size listed
     */
    public Picture picture(int index) {
        StyleItem item = items.get(index);
        Picture picture = collection.picture(item);
        if (picture.width() != item.width() || picture.height() != item.height()) {
            throw new UserException(
                    ("%s has %sx%s pixels where the list says %sx%s; import the collection"
                                    + " anew")
                            .formatted(
                                    collection.file(item),
                                    picture.width(),
                                    picture.height(),
                                    item.width(),
                                    item.height()));
        }
        return picture;
    }

    /** Returns the framing of picture {@code index} in {@code epoch}; reads no file. */
    public Framing framing(int index, AspectBuckets buckets, CropPolicy crops, long epoch) {
        StyleItem item = items.get(index);
        return Framing.of(
                item.width(),
                item.height(),
                buckets.nearest(item.width(), item.height()),
                crops,
                item.number(),
                epoch);
    }

    /**
     * The batches of {@code epoch}: numbers of pictures, those of a batch in one bucket.
     *
     * @param batch the most pictures in a batch, at least 1
     * @param seed decides the order
     */
    public List<List<Integer>> batches(AspectBuckets buckets, int batch, long seed, long epoch) {
        List<BucketSize> sizes =
                items.stream().map(item -> buckets.nearest(item.width(), item.height())).toList();
        return BucketBatches.of(sizes, batch, seed, epoch);
    }

    /**
     * Picture {@code index} of {@code epoch}, framed, with its caption.
     *
     * @throws UserException as {@link #picture}
     */
    public Sample sample(int index, AspectBuckets buckets, CropPolicy crops, long epoch) {
        Framing framing = framing(index, buckets, crops, epoch);
        return new Sample(
                items.get(index),
                framing.apply(picture(index), SMOOTH),
                caption(index, epoch),
                framing);
    }
}
