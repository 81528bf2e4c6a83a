package dev.stanstudio.datasets.importer;

import dev.stanstudio.base.UserException;
import dev.stanstudio.datasets.collection.Labels;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Receives the pictures that a layout finds, one by one. */
interface ItemSink {
    /** Opens the bytes of a picture. */
    interface Content {
        InputStream open() throws IOException;
    }

    /**
     * A picture was found.
     *
     * @param source how messages name it
     * @param name its file name, from which the copy's name is made
     */
    void accept(String source, String name, Labels labels, Content content) throws IOException;

    /** Reports something that cannot be imported; the user says if the import continues. */
    void reject(Problem problem);

    /** Returns the style that the user gives to pictures whose source names none; null for none. */
    @Nullable String givenStyle();

    /** Something worth knowing at the end. */
    void note(String text);

    /** Reads what a source says of a picture. */
    interface Labelling {
        /**
         * @throws UserException when that cannot be read
         */
        Labels labels();
    }

    /** A picture file of {@code tree} was found; without its labels it is not taken. */
    default void accept(SourceTree tree, Member member, Labelling labelling) throws IOException {
        Labels labels;
        try {
            labels = labelling.labels();
        } catch (UserException e) {
            reject(tree, member, String.valueOf(e.getMessage()));
            return;
        }
        accept(tree, member, labels);
    }

    /** A file of {@code tree} cannot be imported. */
    default void reject(SourceTree tree, Member member, String reason) {
        tree.use(member);
        reject(new Problem(tree.locator(member), reason));
    }

    /** A picture file of {@code tree} was found. */
    default void accept(SourceTree tree, Member member, Labels labels) throws IOException {
        tree.use(member);
        accept(tree.locator(member), member.name(), labels, () -> tree.open(member));
    }
}
