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

/** Finished pictures, newest first. Thread-safe. */
public final class GalleryTable {
    private final Jdbi jdbi;

    /** The pictures of {@code database}. */
    public GalleryTable(Database database) {
        this.jdbi = database.jdbi();
    }

    /**
     * A page of pictures.
     *
     * @param after the last picture of the page before, or null
     */
    public List<StoredPicture> page(
            GalleryFilter filter, @Nullable StoredPicture after, int count) {
        String rest =
                after == null
                        ? ""
                        : " AND (p.finished_at < :time OR (p.finished_at = :time AND p.id < :id))";
        return jdbi.withHandle(
                h -> {
                    Query query =
                            bind(
                                    h.createQuery(
                                            "SELECT "
                                                    + PictureRows.COLUMNS
                                                    + " FROM picture p"
                                                    + where(filter)
                                                    + rest
                                                    + " ORDER BY p.finished_at DESC, p.id DESC"
                                                    + " LIMIT :count"),
                                    filter);
                    if (after != null) {
                        query.bind("time", after.finishedAt()).bind("id", after.id());
                    }
                    return query.bind("count", count).map(PictureRows::map).list();
                });
    }

    /** How many pictures the filter leaves. */
    public int count(GalleryFilter filter) {
        return jdbi.withHandle(
                h ->
                        bind(
                                        h.createQuery(
                                                "SELECT COUNT(*) FROM picture p" + where(filter)),
                                        filter)
                                .mapTo(Integer.class)
                                .one());
    }

    /** Pictures by style, most first; the filter's own style does not count. */
    public Map<String, Integer> styles(GalleryFilter filter) {
        return facet("style", filter.withStyle(null));
    }

    /** Pictures by method, most first; the filter's own method does not count. */
    public Map<String, Integer> methods(GalleryFilter filter) {
        return facet("method", filter.withMethod(null));
    }

    private Map<String, Integer> facet(String column, GalleryFilter filter) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        jdbi.useHandle(
                h ->
                        bind(
                                        h.createQuery(
                                                "SELECT p."
                                                        + column
                                                        + " AS name, COUNT(*) AS n FROM picture p"
                                                        + where(filter)
                                                        + " GROUP BY p."
                                                        + column
                                                        + " ORDER BY n DESC, name"),
                                        filter)
                                .map((row, context) -> Map.entry(row.getString(1), row.getInt(2)))
                                .forEach(entry -> counts.put(entry.getKey(), entry.getValue())));
        return counts;
    }

    /** The neighbour of a finished picture: the next older one, or the next newer one. */
    public Optional<StoredPicture> neighbour(StoredPicture picture, boolean older) {
        String side = older ? "<" : ">";
        String order = older ? "DESC" : "ASC";
        return jdbi.withHandle(
                h ->
                        h.createQuery(
                                        "SELECT "
                                                + PictureRows.COLUMNS
                                                + " FROM picture p"
                                                + where(GalleryFilter.ALL)
                                                + " AND (p.finished_at "
                                                + side
                                                + " :time OR (p.finished_at = :time AND p.id "
                                                + side
                                                + " :id)) ORDER BY p.finished_at "
                                                + order
                                                + ", p.id "
                                                + order
                                                + " LIMIT 1")
                                .bind("time", picture.finishedAt())
                                .bind("id", picture.id())
                                .map(PictureRows::map)
                                .findOne());
    }

    private static String where(GalleryFilter filter) {
        StringBuilder where = new StringBuilder(" WHERE p.state = 'done' AND p.deleted_at IS NULL");
        if (filter.style() != null) {
            where.append(" AND p.style = :style");
        }
        if (filter.method() != null) {
            where.append(" AND p.method = :method");
        }
        if (filter.words() != null) {
            where.append(" AND LOWER(p.prompt) LIKE :words ESCAPE '!'");
        }
        if (filter.starred()) {
            where.append(" AND p.starred = 1");
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
