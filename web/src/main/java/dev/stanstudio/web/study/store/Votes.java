package dev.stanstudio.web.study.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;

/** Reads the rows of the votes. Thread-safe. */
final class Votes {
    private static final String OF_STUDY =
            """
            SELECT v.seq, r.slot, v.position, v.revision, v.choice, v.millis, v.voted_at,
                r.address_hash, r.device_hash, r.joined_at, r.invitation
            FROM vote v JOIN rater r ON r.id = v.rater_id
            WHERE v.study_id = :id
            ORDER BY v.seq
            """;

    private static final String OF_RATER =
            """
            SELECT v.seq, r.slot, v.position, v.revision, v.choice, v.millis, v.voted_at,
                r.address_hash, r.device_hash, r.joined_at, r.invitation
            FROM vote v JOIN rater r ON r.id = v.rater_id
            WHERE v.rater_id = :id
            ORDER BY v.seq
            """;

    private static final String COUNT =
            """
            SELECT COUNT(*) FROM vote WHERE study_id = :study
            """;

    private final Jdbi jdbi;

    Votes(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** See {@link StudyStore#rowCount}. */
    int count(Study study) {
        return jdbi.withHandle(
                handle ->
                        handle.createQuery(COUNT)
                                .bind("study", study.id())
                                .mapTo(Integer.class)
                                .one());
    }

    /** See {@link StudyStore#rows(Study)}. */
    List<VoteRow> rows(Study study) {
        return rows(OF_STUDY, study.id());
    }

    /** See {@link StudyStore#rows(Rater)}. */
    List<VoteRow> rows(Rater rater) {
        return rows(OF_RATER, rater.id());
    }

    private List<VoteRow> rows(String query, String id) {
        return jdbi.withHandle(
                handle -> handle.createQuery(query).bind("id", id).map(new Mapper()).list());
    }

    /** Maps the rows of one query, in which all rows of a rater share one origin. */
    private static final class Mapper implements RowMapper<VoteRow> {
        private final Map<Integer, Origin> origins = new HashMap<>();

        @Override
        public VoteRow map(ResultSet row, StatementContext context) throws SQLException {
            int slot = row.getInt("slot");
            Origin origin = origins.get(slot);
            if (origin == null) {
                origin = origin(row);
                origins.put(slot, origin);
            }
            return new VoteRow(
                    row.getLong("seq"),
                    slot,
                    row.getInt("position"),
                    row.getInt("revision"),
                    row.getInt("choice"),
                    row.getLong("millis"),
                    row.getLong("voted_at"),
                    origin);
        }

        private static Origin origin(ResultSet row) throws SQLException {
            return new Origin(
                    row.getString("address_hash"),
                    row.getString("device_hash"),
                    Instant.ofEpochMilli(row.getLong("joined_at")),
                    !row.getString("invitation").isEmpty());
        }
    }
}
