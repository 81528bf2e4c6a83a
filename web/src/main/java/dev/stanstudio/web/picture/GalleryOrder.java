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

    private static final String OLDER =
            "(p.finished_at < l.finished_at OR (p.finished_at = l.finished_at AND p.id < l.id))";
    private static final String NEWER =
            "(p.finished_at > l.finished_at OR (p.finished_at = l.finished_at AND p.id > l.id))";

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

    /** Returns the condition for pictures behind the one whose id is bound as {@code after}. */
    String behind() {
        String later = this == OLDEST ? NEWER : OLDER;
        String own = first.replace("p.", "l.");
        String condition =
                first.isEmpty()
                        ? later
                        : "(%1$s < %2$s OR (%1$s = %2$s AND %3$s))".formatted(first, own, later);
        return "AND EXISTS (SELECT 1 FROM picture l WHERE l.id = :after AND %s)\n"
                .formatted(condition);
    }
}
