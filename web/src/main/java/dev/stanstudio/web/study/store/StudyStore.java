package dev.stanstudio.web.study.store;

import dev.stanstudio.base.UserException;
import dev.stanstudio.web.server.PageException;
import dev.stanstudio.web.server.Signer;
import dev.stanstudio.web.server.StudioContext;
import dev.stanstudio.web.study.plan.StudyPlan;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.result.RowView;
import org.jspecify.annotations.Nullable;

/** Studies, their raters and votes. Thread-safe. */
public final class StudyStore {
    private static final long RECENT_MILLIS = 1_000;

    private final StudioContext studio;
    private final Jdbi jdbi;
    private final Map<String, StudyPlan> plans = new ConcurrentHashMap<>();
    private final Map<String, Recent> recent = new ConcurrentHashMap<>();
    private final Raters raters;
    private final Invitations invitations;
    private final StudyPictures pictures = new StudyPictures();

    private record Recent(Study study, long at) {}

    private record Row(
            String id,
            String link,
            String secret,
            String hash,
            Instant createdAt,
            @Nullable Instant lockedAt) {}

    /** The studies of {@code studio}. */
    public StudyStore(StudioContext studio) {
        this.studio = studio;
        this.jdbi = studio.database().jdbi();
        this.raters = new Raters(studio.database(), studio.clock());
        this.invitations = new Invitations(jdbi, studio.clock());
    }

    /** The folder of a study's pictures and report. */
    public Path folder(String id) {
        return studio.home().subfolder("studies/" + id);
    }

    /** A new study's id; its folder is where the pictures of its plan belong. */
    public static String newId() {
        return Signer.randomText(6).replace('-', '0').replace('_', '1');
    }

    /** Keeps a new study; from now on its plan cannot change. */
    public Study create(String id, StudyPlan plan) {
        String json = plan.json();
        String link = Signer.randomText(9).replace('-', '0').replace('_', '1');
        jdbi.useHandle(
                h ->
                        h.createUpdate(
                                        "INSERT INTO study (id, link, title, secret, plan,"
                                                + " plan_hash, created_at) VALUES (?, ?, ?, ?, ?,"
                                                + " ?, ?)")
                                .bind(0, id)
                                .bind(1, link)
                                .bind(2, plan.settings().title())
                                .bind(3, Signer.randomText(32))
                                .bind(4, json)
                                .bind(5, StudyPlan.hash(json))
                                .bind(6, studio.clock().millis())
                                .execute());
        return byId(id);
    }

    /** All studies, the newest first. */
    public List<Study> all() {
        List<String> ids =
                jdbi.withHandle(
                        h ->
                                h.createQuery("SELECT id FROM study ORDER BY created_at DESC, id")
                                        .mapTo(String.class)
                                        .list());
        return ids.stream().map(this::byId).toList();
    }

    /**
     * The study with this id.
     *
     * @throws PageException when there is none
     */
    public Study byId(String id) {
        return find("id", id)
                .orElseThrow(() -> PageException.missing("there is no study " + shortened(id)));
    }

    /** The study behind a voting link, as it is now. */
    public Optional<Study> byLink(String link) {
        return find("link", link);
    }

    /**
     * The study behind a voting link, as it was at most a second ago: for votes and pictures, since
     * whether it still takes votes is decided when they are written.
     */
    public Optional<Study> recentByLink(String link) {
        Recent known = recent.get(link);
        long now = studio.clock().millis();
        if (known != null && (known.study().locked() || now - known.at() < RECENT_MILLIS)) {
            return Optional.of(known.study());
        }
        Optional<Study> found = byLink(link);
        found.ifPresent(study -> recent.put(link, new Recent(study, now)));
        return found;
    }

    private Optional<Study> find(String column, String value) {
        if (value.indexOf('\0') >= 0) {
            return Optional.empty(); // PostgreSQL takes no text with it.
        }
        return jdbi.withHandle(
                        h ->
                                h.createQuery(
                                                "SELECT id, link, secret, plan_hash, created_at,"
                                                        + " locked_at FROM study WHERE "
                                                        + column
                                                        + " = ?")
                                        .bind(0, value)
                                        .map(StudyStore::row)
                                        .findOne())
                .map(this::study);
    }

    private static Row row(RowView row) {
        Long locked = row.getColumn("locked_at", Long.class);
        return new Row(
                text(row, "id"),
                text(row, "link"),
                text(row, "secret"),
                text(row, "plan_hash"),
                Instant.ofEpochMilli(row.getColumn("created_at", Long.class)),
                locked == null ? null : Instant.ofEpochMilli(locked));
    }

    /** Called without a connection, since reading the plan takes one. */
    private Study study(Row row) {
        return new Study(
                row.id(),
                row.link(),
                row.secret(),
                plans.computeIfAbsent(row.id(), id -> plan(id, row.hash())),
                row.hash(),
                row.createdAt(),
                row.lockedAt());
    }

    private static String text(RowView row, String column) {
        return String.valueOf(row.getColumn(column, String.class));
    }

    /** The plan, once it has been seen to be the one that was hashed. */
    private StudyPlan plan(String id, String hash) {
        String json =
                jdbi.withHandle(
                        h ->
                                h.createQuery("SELECT plan FROM study WHERE id = ?")
                                        .bind(0, id)
                                        .mapTo(String.class)
                                        .one());
        if (!StudyPlan.hash(json).equals(hash)) {
            throw new UserException(
                    "study "
                            + id
                            + " was changed after it was made: its plan no longer has the hash that"
                            + " was published; restore the database from a copy");
        }
        StudyPlan plan = StudyPlan.parse(json);
        pictures.open(id, folder(id), plan);
        return plan;
    }

    /** The study's pictures that are missing or others than those of its plan. */
    public List<Path> damagedPictures(Study study) {
        return pictures.damaged(study, folder(study.id()));
    }

    /** Returns whether one of these files of the study's folder cannot be shown. */
    public boolean anyDamaged(Study study, List<String> files) {
        Path folder = folder(study.id());
        return files.stream().anyMatch(file -> pictures.isDamaged(study, folder, file));
    }

    /**
     * Refuses a study whose pictures are not those that were voted on.
     *
     * @throws UserException that names the first of them
     */
    public void requirePictures(Study study) {
        List<Path> damaged = damagedPictures(study);
        if (!damaged.isEmpty()) {
            throw new UserException(
                    "study "
                            + study.id()
                            + " was changed after it was made: its picture "
                            + damaged.get(0)
                            + " is missing or another; restore it, or make a new study");
        }
    }

    /**
     * Locks the study: no vote counts any more, and methods may be named.
     *
     * @return false when it was locked before
     */
    public boolean lock(String id) {
        requirePictures(byId(id));
        int locked =
                jdbi.withHandle(
                        h ->
                                h.createUpdate(
                                                "UPDATE study SET locked_at = ? WHERE id = ? AND"
                                                        + " locked_at IS NULL")
                                        .bind(0, studio.clock().millis())
                                        .bind(1, id)
                                        .execute());
        recent.clear();
        return locked == 1;
    }

    /**
     * Admits a rater under the next of the plan's rows, or under one whose rater gave no answer.
     *
     * @throws PageException with status 410 when every row is taken or the invitation was used, 403
     *     when one is needed or it is none of this study
     */
    public Rater join(Study study, Newcomer newcomer) {
        return raters.join(study, newcomer);
    }

    /**
     * Returns whether the place of whoever shows {@code token} went to another for want of answers.
     */
    public boolean lostPlace(Study study, String token) {
        return raters.lostPlace(study, token);
    }

    /**
     * Makes {@code count} links for one use and returns their tokens, of which only hashes are
     * kept.
     *
     * @throws dev.stanstudio.base.ArgumentException when the plan has not so many rows left
     */
    public List<String> invite(Study study, int count) {
        return invite(study, count, tokens -> {});
    }

    /**
     * As {@link #invite(Study, int)}, if {@code keep} can keep the tokens, which nobody can be
     * shown again: nothing is made where it throws.
     */
    public List<String> invite(Study study, int count, Consumer<List<String>> keep) {
        return invitations.make(study, count, keep);
    }

    /** Counts the links for one use. */
    public InvitationCount invited(Study study) {
        return invitations.count(study);
    }

    /** As {@link #rater}, asking the database: the place may be lost since. */
    public Optional<Rater> currentRater(Study study, String token) {
        return raters.current(study, token);
    }

    /** The rater whose browser shows {@code token}, if it is one of this study's. */
    public Optional<Rater> rater(Study study, String token) {
        return raters.find(study, token);
    }

    /** How many raters have joined. */
    public int raterCount(Study study) {
        return jdbi.withHandle(
                h ->
                        h.createQuery("SELECT COUNT(*) FROM rater WHERE study_id = ?")
                                .bind(0, study.id())
                                .mapTo(Integer.class)
                                .one());
    }

    /** How many rows the study's votes have, undone ones among them. */
    public int rowCount(Study study) {
        return jdbi.withHandle(
                h ->
                        h.createQuery("SELECT COUNT(*) FROM vote WHERE study_id = ?")
                                .bind(0, study.id())
                                .mapTo(Integer.class)
                                .one());
    }

    /** Every row of a study's votes, in the order in which they were committed. */
    public List<VoteRow> rows(Study study) {
        return rows("v.study_id = ?", study.id());
    }

    /** Every row of one rater's votes. */
    public List<VoteRow> rows(Rater rater) {
        return rows("v.rater_id = ?", rater.id());
    }

    private List<VoteRow> rows(String condition, String value) {
        return jdbi.withHandle(
                h -> {
                    Map<Integer, Origin> origins = new HashMap<>();
                    return h.createQuery(
                                    """
                                    SELECT v.seq, r.slot, v.position, v.revision, v.choice,
                                    v.millis, v.voted_at, r.address_hash, r.device_hash,
                                    r.joined_at, r.invitation
                                    FROM vote v JOIN rater r ON r.id = v.rater_id WHERE
                                    """
                                            + condition
                                            + " ORDER BY v.seq")
                            .bind(0, value)
                            .map((rs, ctx) -> voteRow(rs, origins))
                            .list();
                });
    }

    private static VoteRow voteRow(ResultSet rs, Map<Integer, Origin> origins) throws SQLException {
        int slot = rs.getInt(2);
        Origin origin = origins.get(slot);
        if (origin == null) {
            origin =
                    new Origin(
                            rs.getString(8),
                            rs.getString(9),
                            rs.getLong(10),
                            !rs.getString(11).isEmpty());
            origins.put(slot, origin);
        }
        return new VoteRow(
                rs.getLong(1),
                slot,
                rs.getInt(3),
                rs.getInt(4),
                rs.getInt(5),
                rs.getLong(6),
                rs.getLong(7),
                origin);
    }

    /** The rows that count: the newest of each rater's trial, unless it was taken back. */
    public static List<VoteRow> standing(List<VoteRow> rows) {
        record Place(int slot, int position) {}
        Map<Place, VoteRow> newest = new HashMap<>();
        for (VoteRow row : rows) {
            newest.merge(
                    new Place(row.slot(), row.position()),
                    row,
                    (a, b) -> a.revision() > b.revision() ? a : b);
        }
        return newest.values().stream()
                .filter(row -> row.choice() != VoteRow.UNDONE)
                .sorted(Comparator.comparingLong(VoteRow::seq))
                .toList();
    }

    private static String shortened(String id) {
        return id.length() > 40 ? id.substring(0, 40) + "…" : id;
    }
}
