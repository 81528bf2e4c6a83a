package dev.stanstudio.web.picture;

import dev.stanstudio.web.home.Database;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Finds finished pictures, newest first. Thread-safe. */
public final class GalleryTable {
    private static final String OLDER =
            """
            AND (p.finished_at < :time OR (p.finished_at = :time AND p.id < :id))
            """;
    private static final String NEWER =
            """
            AND (p.finished_at > :time OR (p.finished_at = :time AND p.id > :id))
            """;
    private static final String NEWEST_FIRST =
            """
            ORDER BY p.finished_at DESC, p.id DESC
            """;
    private static final String OLDEST_FIRST =
            """
            ORDER BY p.finished_at ASC, p.id ASC
            """;

    private final Jdbi jdbi;

    /** Opens the pictures of {@code database}. */
    public GalleryTable(Database database) {
        this.jdbi = database.jdbi();
    }

    /**
     * Returns a page of pictures.
     *
     * @param after the last picture of the page before, or null
     */
    public List<StoredPicture> page(
            GalleryFilter filter, @Nullable StoredPicture after, int count) {
        String sql =
                PictureRows.SELECT
                        + where(filter)
                        + (after == null ? "" : OLDER)
                        + NEWEST_FIRST
                        + "LIMIT :count";
        return jdbi.withHandle(
                h -> {
                    Query query = bind(h.createQuery(sql), filter);
                    if (after != null) {
                        query.bind("time", after.finishedAt()).bind("id", after.id());
                    }
                    return query.bind("count", count).map(PictureRows.PICTURE).list();
                });
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

    private Map<String, Integer> facet(String column, GalleryFilter filter) {
        String sql =
                """
                SELECT p.%1$s AS name, COUNT(*) AS n
                FROM picture p
                %2$s
                GROUP BY p.%1$s
                ORDER BY n DESC, name
                """
                        .formatted(column, where(filter));
        Map<String, Integer> counts = new LinkedHashMap<>();
        jdbi.useHandle(
                h ->
                        bind(h.createQuery(sql), filter)
                                .map(
                                        (row, context) ->
                                                Map.entry(row.getString("name"), row.getInt("n")))
                                .forEach(entry -> counts.put(entry.getKey(), entry.getValue())));
        return counts;
    }

    /** Returns the neighbour of a finished picture: the next older one, or the next newer one. */
    public Optional<StoredPicture> neighbour(StoredPicture picture, boolean older) {
        String sql =
                PictureRows.SELECT
                        + where(GalleryFilter.ALL)
                        + (older ? OLDER + NEWEST_FIRST : NEWER + OLDEST_FIRST)
                        + "LIMIT 1";
        return jdbi.withHandle(
                h ->
                        h.createQuery(sql)
                                .bind("time", picture.finishedAt())
                                .bind("id", picture.id())
                                .map(PictureRows.PICTURE)
                                .findOne());
    }

    private static String where(GalleryFilter filter) {
        StringBuilder where =
                new StringBuilder("WHERE p.state = 'done' AND p.deleted_at IS NULL\n");
        if (filter.style() != null) {
            where.append("AND p.style = :style\n");
        }
        if (filter.method() != null) {
            where.append("AND p.method = :method\n");
        }
        if (filter.words() != null) {
            where.append("AND LOWER(p.prompt) LIKE :words ESCAPE '!'\n");
        }
        if (filter.starred()) {
            where.append("AND p.starred = 1\n");
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
        if (filter.words() != null) {
            String escaped = filter.words().toLowerCase(Locale.ROOT).replaceAll("([!%_])", "!$1");
            query.bind("words", "%" + escaped + "%");
        }
        return query;
    }
}
