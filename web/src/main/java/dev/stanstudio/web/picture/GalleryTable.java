package dev.stanstudio.web.picture;

import dev.stanstudio.web.home.Database;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Finds finished pictures that are not deleted. Thread-safe. */
public final class GalleryTable {
    private static final String BINNED =
            """
            WHERE p.deleted_at IS NOT NULL AND p.state = 'done'
            """;

    private final Jdbi jdbi;

    /** Opens the pictures of {@code database}. */
    public GalleryTable(Database database) {
        this.jdbi = database.jdbi();
    }

    /** Returns the first {@code count} pictures that pass a filter, newest first. */
    public List<StoredPicture> newest(GalleryFilter filter, int count) {
        return page(new GalleryQuery(filter, GalleryOrder.NEWEST), null, count);
    }

    /**
     * Returns a page of pictures.
     *
     * @param after id of the last picture of the page before, or null
     */
    List<StoredPicture> page(GalleryQuery wanted, @Nullable String after, int count) {
        GalleryOrder order = wanted.order();
        String sql =
                PictureRows.SELECT
                        + where(wanted.filter())
                        + (after == null ? "" : order.behind())
                        + order.sql()
                        + "LIMIT :count";
        return jdbi.withHandle(
                h -> {
                    Query query = bind(h.createQuery(sql), wanted.filter());
                    if (after != null) {
                        query.bind("after", after);
                    }
                    return query.bind("count", count).map(PictureRows.PICTURE).list();
                });
    }

    /** Returns the ids of the first {@code count} pictures. */
    List<String> ids(GalleryQuery wanted, int count) {
        String sql =
                "SELECT p.id FROM picture p\n"
                        + where(wanted.filter())
                        + wanted.order().sql()
                        + "LIMIT :count";
        return jdbi.withHandle(
                h ->
                        bind(h.createQuery(sql), wanted.filter())
                                .bind("count", count)
                                .mapTo(String.class)
                                .list());
    }

    /** Returns the number of pictures that pass the filter. */
    public int count(GalleryFilter filter) {
        String sql = "SELECT COUNT(*) FROM picture p\n" + where(filter);
        return jdbi.withHandle(h -> bind(h.createQuery(sql), filter).mapTo(Integer.class).one());
    }

    /** Counts pictures by style, most first; the filter's own style does not count. */
    public Map<String, Integer> styles(GalleryFilter filter) {
        return facet("style", filter.withStyle(null));
    }

    /** Counts pictures by method, most first; the filter's own method does not count. */
    public Map<String, Integer> methods(GalleryFilter filter) {
        return facet("method", filter.withMethod(null));
    }

    /** Returns the matrices of the pictures by method; the filter's own method does not count. */
    Map<String, List<String>> matrices(GalleryFilter filter) {
        GalleryFilter wide = filter.withMethod(null);
        String sql = "SELECT DISTINCT p.method, p.matrix_id FROM picture p\n" + where(wide);
        return jdbi.withHandle(
                h ->
                        bind(h.createQuery(sql), wide)
                                .map((row, context) -> List.of(row.getString(1), row.getString(2)))
                                .stream()
                                .collect(
                                        Collectors.groupingBy(
                                                row -> row.get(0),
                                                Collectors.mapping(
                                                        row -> row.get(1), Collectors.toList()))));
    }

    /** Counts pictures by the id of their board; the filter's own board does not count. */
    Map<String, Integer> boards(GalleryFilter filter) {
        String sql =
                """
                SELECT o.board_id AS name, COUNT(*) AS n
                FROM picture p
                JOIN board_picture o ON o.picture_id = p.id
                %s
                GROUP BY o.board_id
                """;
        return counts(sql, filter.withBoard(null));
    }

    /** Returns whether any picture has a score. */
    boolean scored() {
        String sql =
                """
                SELECT COUNT(*)
                FROM (SELECT 1 FROM picture WHERE score IS NOT NULL LIMIT 1) s
                """;
        return jdbi.withHandle(h -> h.createQuery(sql).mapTo(Integer.class).one()) > 0;
    }

    private Map<String, Integer> facet(String column, GalleryFilter filter) {
        String sql =
                """
                SELECT p.%1$s AS name, COUNT(*) AS n
                FROM picture p
                %2$s
                GROUP BY p.%1$s
                ORDER BY n DESC, name
                """;
        return counts(sql.formatted(column, "%s"), filter);
    }

    /** Returns counts by name; {@code sql} has a place for the condition. */
    private Map<String, Integer> counts(String sql, GalleryFilter filter) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        jdbi.useHandle(
                h ->
                        bind(h.createQuery(sql.formatted(where(filter))), filter)
                                .map(
                                        (row, context) ->
                                                Map.entry(row.getString("name"), row.getInt("n")))
                                .forEach(entry -> counts.put(entry.getKey(), entry.getValue())));
        return counts;
    }

    /** Returns the neighbour of a finished picture: the next older one, or the next newer one. */
    public Optional<StoredPicture> neighbour(StoredPicture picture, boolean older) {
        GalleryOrder order = older ? GalleryOrder.NEWEST : GalleryOrder.OLDEST;
        return page(new GalleryQuery(GalleryFilter.ALL, order), picture.id(), 1).stream()
                .findFirst();
    }

    /** Returns the finished pictures that lie in the bin, the last deleted first. */
    List<StoredPicture> binned(int count) {
        String sql =
                PictureRows.SELECT
                        + BINNED
                        + """
                        ORDER BY p.deleted_at DESC, p.id
                        LIMIT :count
                        """;
        return jdbi.withHandle(
                h -> h.createQuery(sql).bind("count", count).map(PictureRows.PICTURE).list());
    }

    /** Counts the finished pictures in the bin. */
    int binnedCount() {
        String sql = "SELECT COUNT(*) FROM picture p\n" + BINNED;
        return jdbi.withHandle(h -> h.createQuery(sql).mapTo(Integer.class).one());
    }

    private static String where(GalleryFilter filter) {
        StringBuilder where =
                new StringBuilder("WHERE p.state = 'done' AND p.deleted_at IS NULL\n");
        where.append(filter.trials() ? "AND p.trial = 1\n" : "AND p.trial = 0\n");
        if (filter.style() != null) {
            where.append("AND p.style = :style\n");
        }
        if (filter.method() != null) {
            where.append("AND p.method = :method\n");
        }
        if (filter.words() != null) {
            // Some databases lower no other letters than ASCII, so that É is found as it is typed.
            where.append(
                    """
                    AND (LOWER(p.prompt) LIKE :words ESCAPE '!'
                         OR LOWER(p.note) LIKE :words ESCAPE '!'
                         OR p.prompt LIKE :typed ESCAPE '!'
                         OR p.note LIKE :typed ESCAPE '!')
                    """);
        }
        if (filter.starred()) {
            where.append("AND p.starred = 1\n");
        }
        if (filter.board() != null) {
            where.append(
                    """
                    AND p.id IN (SELECT b.picture_id FROM board_picture b
                                 WHERE b.board_id = :board)
                    """);
        }
        return where.toString();
    }

    private static Query bind(Query query, GalleryFilter filter) {
        if (filter.style() != null) {
            query.bind("style", filter.style());
        }
        if (filter.method() != null) {
            query.bind("method", filter.method());
        }
        if (filter.board() != null) {
            query.bind("board", filter.board());
        }
        if (filter.words() != null) {
            query.bind("words", containing(filter.words().toLowerCase(Locale.ROOT)));
            query.bind("typed", containing(filter.words()));
        }
        return query;
    }

    private static String containing(String words) {
        return "%" + words.replaceAll("([!%_])", "!$1") + "%";
    }
}
