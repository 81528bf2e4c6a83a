package dev.stanstudio.datasets.importer;

import java.io.IOException;

/** A way in which people arrange pictures and labels. Implementations have no state. */
interface Layout {
    /** The name for {@code --format}. */
    String name();

    /** Returns true if {@code tree} has this layout. */
    boolean recognises(SourceTree tree);

    /**
     * Hands every picture to {@code sink}, always in the same order.
     *
     * @throws dev.stanstudio.base.UserException when a label file cannot be used
     */
    void read(SourceTree tree, ItemSink sink) throws IOException;
}
