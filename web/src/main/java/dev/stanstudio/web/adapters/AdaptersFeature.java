package dev.stanstudio.web.adapters;

import dev.stanstudio.web.server.Feature;
import dev.stanstudio.web.server.Frame;
import dev.stanstudio.web.server.NavigationEntry;
import dev.stanstudio.web.server.Pages;
import dev.stanstudio.web.server.Studio;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The page that shows which adapters there are. */
public final class AdaptersFeature implements Feature {
    private static final int PLACE = 30;

    /**
     * An adapter as a card.
     *
     * @param groups kinds of projection, each with how many blocks have it
     */
    public record Card(ShelfEntry entry, String groups, Optional<TrainingCurve> curve) {}

    @Override
    public Optional<NavigationEntry> navigation() {
        return Optional.of(new NavigationEntry(PLACE, "Adapters", "/adapters"));
    }

    @Override
    public void open(Studio studio, RoutesConfig routes) {
        AdapterShelf shelf = new AdapterShelf(studio.home());
        routes.get("/adapters", ctx -> show(ctx, shelf));
    }

    private static void show(Context ctx, AdapterShelf shelf) {
        List<Card> cards =
                shelf.all().stream()
                        .map(
                                entry ->
                                        new Card(
                                                entry,
                                                groups(entry.modules()),
                                                entry.log().flatMap(TrainingCurve::read)))
                        .toList();
        Pages.show(
                ctx,
                "adapters/adapters.jte",
                Map.of(
                        "frame", Frame.of(ctx, "Adapters"),
                        "cards", cards,
                        "folder", shelf.folder().toString()));
    }

    /** {@code transformer_blocks.3.attn.to_q} counts as {@code attn.to_q}. */
    static String groups(List<String> modules) {
        Map<String, Long> counts =
                modules.stream()
                        .collect(
                                Collectors.groupingBy(
                                        module -> module.replaceFirst("^.*?\\.\\d+\\.", ""),
                                        TreeMap::new,
                                        Collectors.counting()));
        return counts.entrySet().stream()
                .map(count -> count.getKey() + " × " + count.getValue())
                .collect(Collectors.joining(", "));
    }

    @Override
    public void close() {}
}
