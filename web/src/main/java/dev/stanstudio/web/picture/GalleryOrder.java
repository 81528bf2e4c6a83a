package dev.stanstudio.web.picture;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Orders the pictures of the gallery; pictures that are equal in it come newest first. */
public enum GalleryOrder {
    /** Begins with the picture that was drawn last. */
    NEWEST("Newest first", ""),
    /** Begins with the picture that was drawn first. */
    OLDEST("Oldest first", ""),
    /** Begins with those that have a star. */
    STARRED("Starred first", "p.starred"),
    /** Begins with those that follow their prompts best; pictures without a score come last. */
    SCORE("Closest to the prompt first", "COALESCE(p.score, -2.0)");

    private final String title;
    private final String first;

    GalleryOrder(String title, String first) {
        this.title = title;
        this.first = first;
    }

    /** Returns its name on pages. */
    public String title() {
        return title;
    }

    /** Returns its name in addresses. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the order that an address names; {@link #NEWEST} for none. */
    static GalleryOrder of(@Nullable String label) {
        return Arrays.stream(values())
                .filter(order -> order.label().equals(label))
                .findFirst()
                .orElse(NEWEST);
    }

    /** Returns the end of a query of the table {@code p}. */
    String sql() {
        String time =
                this == OLDEST ? "p.finished_at ASC, p.id ASC" : "p.finished_at DESC, p.id DESC";
        return "ORDER BY " + (first.isEmpty() ? "" : first + " DESC, ") + time + "\n";
    }

    /**
     * Returns the condition for pictures behind the one whose id is bound as {@code after}. It
     * compares rows, so that an index leads to the place instead of counting up to it.
     */
    String behind() {
        String keys = (first.isEmpty() ? "" : first + ", ") + "p.finished_at, p.id";
        return "AND (%s) %s (SELECT %s FROM picture l WHERE l.id = :after)\n"
                .formatted(keys, this == OLDEST ? ">" : "<", keys.replace("p.", "l."));
    }
}
