package dev.stanstudio.adapter.training;

import dev.stanstudio.datasets.collection.StyleCollection;
import dev.stanstudio.datasets.collection.StyleItem;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;

/** Trains on the pictures of a style collection. */
record CollectionData(
        DataOptions options,
        StyleCollection collection,
        DataOptions.Split split,
        PictureFraming framing)
        implements TrainingData {

    @Override
    public String identity() {
        return options.identity(framing);
    }

    @Override
    public Objective objective(FlowObjective plain) {
        return plain;
    }

    @Override
    public int each() {
        return options.prior.data == null ? 1 : 2;
    }

    @Override
    public List<String> captions() {
        List<StyleItem> items = split.heldOut().isEmpty() ? split.train() : split.heldOut();
        return items.stream().map(StyleItem::text).toList();
    }

    @Override
    public Encoded encode(Encoders encoders, PrintWriter err) {
        DataOptions.Encoded encoded =
                options.encode(collection::file, split, framing, encoders, err);
        boolean held = encoded.heldOut().count() > 0;
        return new Encoded(encoded.examples(), held ? encoded.heldOut() : encoded.train());
    }

    @Override
    public Map<String, String> notes() {
        return options.notes(split, framing);
    }
}
