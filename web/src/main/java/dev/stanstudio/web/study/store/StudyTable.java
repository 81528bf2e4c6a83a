package dev.stanstudio.web.study.store;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;

/** Reads and writes the rows of the studies. Thread-safe. */
final class StudyTable {
    private static final String INSERT =
            """
            INSERT INTO study (id, link, title, secret, plan, plan_hash, created_at)
            VALUES (:id, :link, :title, :secret, :plan, :planHash, :createdAt)
            """;

    private static final String IDS =
            """
            SELECT id FROM study ORDER BY created_at DESC, id
            """;

    private static final String BY_ID =
            """
            SELECT id, link, secret, plan_hash, created_at, locked_at FROM study
            WHERE id = :value
            """;

    private static final String BY_LINK =
            """
            SELECT id, link, secret, plan_hash, created_at, locked_at FROM study
            WHERE link = :value
            """;

    private static final String PLAN =
            """
            SELECT plan FROM study WHERE id = :id
            """;

    private static final String LOCK =
            """
            UPDATE study SET locked_at = :now WHERE id = :id AND locked_at IS NULL
            """;

    private final Jdbi jdbi;

    StudyTable(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    void insert(StudyRow row, String title, String plan) {
        jdbi.useHandle(
                handle ->
                        handle.createUpdate(INSERT)
                                .bind("id", row.id())
                                .bind("link", row.link())
                                .bind("title", title)
                                .bind("secret", row.secret())
                                .bind("plan", plan)
                                .bind("planHash", row.planHash())
                                .bind("createdAt", row.createdAt())
                                .execute());
    }

    /** Returns the ids of all studies, the newest first. */
    List<String> ids() {
        return jdbi.withHandle(handle -> handle.createQuery(IDS).mapTo(String.class).list());
    }

    Optional<StudyRow> byId(String id) {
        return find(BY_ID, id);
    }

    Optional<StudyRow> byLink(String link) {
        return find(BY_LINK, link);
    }

    private Optional<StudyRow> find(String query, String value) {
        if (value.indexOf('\0') >= 0) {
            return Optional.empty(); // PostgreSQL accepts no text with this character.
        }
        return jdbi.withHandle(
                handle ->
                        handle.createQuery(query)
                                .bind("value", value)
                                .map(ConstructorMapper.of(StudyRow.class))
                                .findOne());
    }

    String plan(String id) {
        return jdbi.withHandle(
                handle -> handle.createQuery(PLAN).bind("id", id).mapTo(String.class).one());
    }

    /** Returns whether the study was open until now. */
    boolean lock(String id, long now) {
        return jdbi.withHandle(
                        handle ->
                                handle.createUpdate(LOCK).bind("id", id).bind("now", now).execute())
                == 1;
    }
}
