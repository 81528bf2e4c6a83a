package dev.stanstudio.web.server;

import io.javalin.http.Context;
import java.util.List;

/**
 * The parts of the layout around a page's content.
 *
 * @param texts of the layout
 * @param path the page's own address, to mark its entry in the bar
 * @param guarded whether there is a password, so that one may log out
 */
public record Frame(
        Texts texts, String title, String path, List<NavigationEntry> entries, boolean guarded) {
    private static final String ENTRIES = "studio.entries";
    private static final String GUARDED = "studio.guarded";

    /** The frame of the page that answers {@code ctx}. */
    public static Frame of(Context ctx, String title) {
        @SuppressWarnings("unchecked")
        List<NavigationEntry> entries =
                ctx.attribute(ENTRIES) instanceof List<?> list
                        ? (List<NavigationEntry>) list
                        : List.of();
        return new Frame(
                TextBundle.STUDIO.in(PageLanguage.of(ctx)),
                title,
                ctx.path(),
                entries,
                Boolean.TRUE.equals(ctx.attribute(GUARDED)));
    }

    static void prepare(Context ctx, List<NavigationEntry> entries, boolean guarded) {
        ctx.attribute(ENTRIES, entries);
        ctx.attribute(GUARDED, guarded);
    }

    /** Returns the title of {@code entry}, translated if it is one of the studio's own. */
    public String title(NavigationEntry entry) {
        return texts.find("navigation." + entry.title()).orElse(entry.title());
    }

    /** Returns whether {@code entry} leads to this page or one below it. */
    public boolean isAt(NavigationEntry entry) {
        return path.equals(entry.path()) || path.startsWith(entry.path() + "/");
    }
}
