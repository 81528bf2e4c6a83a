package dev.stanstudio.web.picture;

import dev.stanstudio.web.matrix.CellNames;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Lists the filters that can be chosen, as links.
 *
 * @param words text that the prompt is searched for; empty for none
 */
public record GalleryChips(
        List<Chip> styles, List<Chip> methods, Chip starred, String words, boolean filtered) {
    /**
     * Describes a link.
     *
     * @param count pictures that pass when it is chosen; negative where it is not shown
     * @param chosen whether it is chosen now, so that the link removes it
     */
    public record Chip(String name, int count, boolean chosen, String address) {}

    static GalleryChips of(GalleryTable gallery, GalleryFilter filter) {
        List<Chip> styles = new ArrayList<>();
        for (Map.Entry<String, Integer> style : gallery.styles(filter).entrySet()) {
            boolean chosen = style.getKey().equals(filter.style());
            styles.add(
                    new Chip(
                            CellNames.style(style.getKey()),
                            style.getValue(),
                            chosen,
                            address(filter.withStyle(chosen ? null : style.getKey()))));
        }
        List<Chip> methods = new ArrayList<>();
        for (Map.Entry<String, Integer> method : gallery.methods(filter).entrySet()) {
            boolean chosen = method.getKey().equals(filter.method());
            methods.add(
                    new Chip(
                            method.getKey(),
                            method.getValue(),
                            chosen,
                            address(filter.withMethod(chosen ? null : method.getKey()))));
        }
        Chip starred =
                new Chip(
                        "★ starred",
                        -1,
                        filter.starred(),
                        address(filter.withStarred(!filter.starred())));
        return new GalleryChips(
                styles,
                methods,
                starred,
                Objects.requireNonNullElse(filter.words(), ""),
                !filter.equals(GalleryFilter.ALL));
    }

    private static String address(GalleryFilter filter) {
        return "/gallery" + query(filter, "?");
    }

    /** Returns the filter as a query that begins with {@code first}; empty for no filter. */
    static String query(GalleryFilter filter, String first) {
        List<String> parts = new ArrayList<>();
        add(parts, "style", filter.style());
        add(parts, "method", filter.method());
        add(parts, "q", filter.words());
        if (filter.starred()) {
            parts.add("star=1");
        }
        return parts.isEmpty() ? "" : first + String.join("&", parts);
    }

    private static void add(List<String> parts, String name, @Nullable String value) {
        if (value != null) {
            parts.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
        }
    }
}
