package dev.stanstudio.web.picture;

import dev.stanstudio.base.MethodNames;
import dev.stanstudio.web.matrix.CellNames;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Lists the filters that can be chosen, as links. Each keeps the other filters.
 *
 * @param trials null where no picture tries out features
 * @param words text that is searched for; empty for none
 */
public record GalleryChips(
        Chip starred,
        @Nullable Chip trials,
        List<Chip> boards,
        List<Chip> styles,
        List<Chip> methods,
        String words,
        boolean filtered) {
    /**
     * Describes a link.
     *
     * @param hashes of the adapters that pictures of this method used, shortened
     * @param count pictures that pass when it is chosen
     * @param chosen whether it is chosen now, so that the link removes it
     */
    public record Chip(
            String name, List<String> hashes, int count, boolean chosen, String address) {
        /** Copies the list. */
        public Chip {
            hashes = List.copyOf(hashes);
        }

        Chip(String name, int count, boolean chosen, String address) {
            this(name, List.of(), count, chosen, address);
        }

        Chip withHashes(List<String> own) {
            return new Chip(name, own, count, chosen, address);
        }
    }

    /** Returns a filter with one of its values replaced; null for none. */
    private interface Change {
        GalleryFilter to(@Nullable String value);
    }

    static GalleryChips of(
            GalleryTable gallery, MethodAdapters adapters, List<Board> boards, GalleryQuery query) {
        GalleryFilter filter = query.filter();
        Map<String, List<String>> hashes = adapters.hashes(gallery.matrices(filter));
        Map<String, Integer> onBoards = gallery.boards(filter);
        return new GalleryChips(
                new Chip(
                        "★ starred",
                        gallery.count(filter.withStarred(true)),
                        filter.starred(),
                        query.with(filter.withStarred(!filter.starred())).address()),
                trials(gallery, query),
                boards.stream().map(board -> board(query, board, onBoards)).toList(),
                gallery.styles(filter).entrySet().stream()
                        .map(e -> style(query, e.getKey(), e.getValue()))
                        .toList(),
                gallery.methods(filter).entrySet().stream()
                        .map(
                                e ->
                                        method(query, e.getKey(), e.getValue())
                                                .withHashes(
                                                        hashes.getOrDefault(e.getKey(), List.of())))
                        .toList(),
                Objects.requireNonNullElse(filter.words(), ""),
                !filter.equals(GalleryFilter.ALL));
    }

    private static @Nullable Chip trials(GalleryTable gallery, GalleryQuery query) {
        GalleryFilter filter = query.filter();
        int count = gallery.count(filter.withTrials(true));
        return count == 0 && !filter.trials()
                ? null
                : new Chip(
                        "feature trials",
                        count,
                        filter.trials(),
                        query.with(filter.withTrials(!filter.trials())).address());
    }

    private static Chip board(GalleryQuery query, Board board, Map<String, Integer> counts) {
        GalleryFilter filter = query.filter();
        int count = counts.getOrDefault(board.id(), 0);
        return chip(query, board.name(), count, board.id(), filter.board(), filter::withBoard);
    }

    private static Chip style(GalleryQuery query, String style, int count) {
        GalleryFilter filter = query.filter();
        return chip(query, CellNames.style(style), count, style, filter.style(), filter::withStyle);
    }

    private static Chip method(GalleryQuery query, String method, int count) {
        GalleryFilter filter = query.filter();
        return chip(
                query,
                MethodNames.shown(method),
                count,
                method,
                filter.method(),
                filter::withMethod);
    }

    private static Chip chip(
            GalleryQuery query,
            String name,
            int count,
            String value,
            @Nullable String now,
            Change change) {
        boolean chosen = value.equals(now);
        return new Chip(
                name, count, chosen, query.with(change.to(chosen ? null : value)).address());
    }
}
