package dev.stanstudio.web.picture;

import io.javalin.http.Context;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Names a view of the gallery in its address: which pictures, and in which order. */
public record GalleryQuery(GalleryFilter filter, GalleryOrder order) {
    /** Holds a parameter of the address. */
    public record Part(String name, String value) {}

    /** Reads the address of a request; unknown orders are the usual one. */
    static GalleryQuery of(Context ctx) {
        String words = ctx.queryParam("q");
        return new GalleryQuery(
                new GalleryFilter(
                        ctx.queryParam("style"),
                        ctx.queryParam("method"),
                        words == null || words.isBlank() ? null : words.strip(),
                        ctx.queryParam("star") != null,
                        ctx.queryParam("board"),
                        ctx.queryParam("trials") != null),
                GalleryOrder.of(ctx.queryParam("sort")));
    }

    /** Returns the same order of other pictures. */
    GalleryQuery with(GalleryFilter other) {
        return new GalleryQuery(other, order);
    }

    /** Returns the parameters of the address. */
    public List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        add(parts, "style", filter.style());
        add(parts, "method", filter.method());
        add(parts, "board", filter.board());
        add(parts, "q", filter.words());
        add(parts, "star", filter.starred() ? "1" : null);
        add(parts, "trials", filter.trials() ? "1" : null);
        add(parts, "sort", order == GalleryOrder.NEWEST ? null : order.label());
        return parts;
    }

    private static void add(List<Part> parts, String name, @Nullable String value) {
        if (value != null) {
            parts.add(new Part(name, value));
        }
    }

    /** Returns the parameters that a form with a field {@code own} has to carry beside it. */
    public List<Part> without(String own) {
        return parts().stream().filter(part -> !part.name().equals(own)).toList();
    }

    /** Returns the address of the gallery. */
    public String address() {
        return "/gallery" + text("?");
    }

    /** Returns the parameters as text that begins with {@code first}; empty for none. */
    String text(String first) {
        List<String> texts =
                parts().stream()
                        .map(
                                part ->
                                        part.name()
                                                + "="
                                                + URLEncoder.encode(
                                                        part.value(), StandardCharsets.UTF_8))
                        .toList();
        return texts.isEmpty() ? "" : first + String.join("&", texts);
    }
}
