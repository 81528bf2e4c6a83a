package dev.stanstudio.web.study.store;

import dev.stanstudio.base.Sha256;
import dev.stanstudio.base.UserException;
import dev.stanstudio.web.server.Signer;
import dev.stanstudio.web.server.StudioContext;
import dev.stanstudio.web.study.plan.StudyPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jdbi.v3.core.Jdbi;

/** Stores studies, their raters and votes. Thread-safe. */
public final class StudyStore {
    private static final Duration RECENT = Duration.ofSeconds(1);
    private static final int MAX_SHOWN = 40;

    private static final String COUNT_RATERS =
            """
            SELECT COUNT(*) FROM rater WHERE study_id = :study
            """;

    private final StudioContext studio;
    private final Jdbi jdbi;
    private final StudyTable table;
    private final Votes votes;
    private final Raters raters;
    private final Invitations invitations;
    private final Withdrawals withdrawals;
    private final StoredPlans plans;
    private final Panels panels;
    private final Map<String, Recent> recent = new ConcurrentHashMap<>();

    private record Recent(Study study, Instant readAt) {}

    /** Opens the studies of {@code studio}. */
    public StudyStore(StudioContext studio) {
        this.studio = studio;
        this.jdbi = studio.database().jdbi();
        this.table = new StudyTable(jdbi);
        this.plans = new StoredPlans(table, this::folder);
        this.votes = new Votes(jdbi);
        this.raters = new Raters(studio.database(), studio.clock());
        this.invitations = new Invitations(jdbi, studio.clock());
        this.panels = new Panels(jdbi);
        this.withdrawals = new Withdrawals(studio.database(), studio.clock());
    }

    /** Returns the folder of a study's pictures and report. */
    public Path folder(String id) {
        return studio.home().subfolder("studies/" + id);
    }

    /** Begins the folder of a study that is being made. */
    StudyDraft draft(String id) {
        return new StudyDraft(studio.home(), id);
    }

    /** Returns the id of a new study; the pictures of its plan belong into its folder. */
    public static String newId() {
        return letters(6);
    }

    private static String letters(int bytes) {
        return Signer.randomText(bytes).replace('-', '0').replace('_', '1');
    }

    /** Stores a new study, whose plan cannot change from now on. */
    public Study create(String id, StudyPlan plan) {
        String json = plan.json();
        StudyRow row =
                new StudyRow(
                        id,
                        letters(9),
                        Signer.randomText(32),
                        Sha256.of(json),
                        studio.clock().instant(),
                        null);
        table.insert(row, plan.settings().title(), json);
        return byId(id);
    }

    /** Returns all studies, the newest first. */
    public List<Study> all() {
        return table.ids().stream().map(this::byId).toList();
    }

    /**
     * Returns the study with this id.
     *
     * @throws UserException if there is none
     */
    public Study byId(String id) {
        return find(id).orElseThrow(() -> new UserException(unknown(id)));
    }

    /** Returns the study with this id, if there is one. */
    public Optional<Study> find(String id) {
        return table.byId(id).map(this::study);
    }

    /** Returns the message about an id that no study has. */
    public static String unknown(String id) {
        return "there is no study "
                + (id.length() > MAX_SHOWN ? id.substring(0, MAX_SHOWN) + "…" : id);
    }

    /** Returns the study behind a voting link, as it is now. */
    public Optional<Study> byLink(String link) {
        return table.byLink(link).map(this::study);
    }

    /**
     * Returns the study behind a voting link, as it was at most a second ago: for votes and
     * pictures, since {@link VoteWriter} decides whether the study takes votes.
     */
    public Optional<Study> recentByLink(String link) {
        Recent known = recent.get(link);
        Instant now = studio.clock().instant();
        if (known != null
                && (known.study().locked() || now.isBefore(known.readAt().plus(RECENT)))) {
            return Optional.of(known.study());
        }
        Optional<Study> found = byLink(link);
        found.ifPresent(study -> recent.put(link, new Recent(study, now)));
        return found;
    }

    /** Is called without an open connection, since reading the plan takes one. */
    private Study study(StudyRow row) {
        return row.study(plans.of(row));
    }

    /** Returns the study's pictures that are missing or differ from those of its plan. */
    public List<Path> damagedPictures(Study study) {
        return plans.damaged(study);
    }

    /** Returns whether one of these files of the study's folder cannot be shown. */
    public boolean anyDamaged(Study study, List<String> files) {
        return plans.anyDamaged(study, files);
    }

    /**
     * Refuses a study whose pictures are not those that raters saw.
     *
     * @throws UserException that names the first of them
     */
    public void requirePictures(Study study) {
        plans.requirePictures(study);
    }

    /**
     * Locks the study: no vote counts any more, and methods may be named.
     *
     * @return false if it was locked before
     */
    public boolean lock(String id) {
        requirePictures(byId(id));
        boolean locked = table.lock(id, studio.clock().millis());
        recent.clear();
        return locked;
    }

    /**
     * Admits a rater under the next of the plan's rows, or under one whose rater gave no answer.
     *
     * @throws JoinRefusedException if the study does not admit the rater
     */
    public Rater join(Study study, Newcomer newcomer) {
        return raters.join(study, newcomer);
    }

    /** Returns the panels of the studies. */
    public Panels panels() {
        return panels;
    }

    /** Returns whether the rater with this token lost the place for want of answers. */
    public boolean lostPlace(Study study, String token) {
        return raters.lostPlace(study, token);
    }

    /** Returns what can be done about the answers of the rater with this id. */
    public Withdrawal withdrawal(Study study, String raterId) {
        return withdrawals.state(study, raterId);
    }

    /**
     * Deletes all votes of a rater and the rater, whose row of the plan is free then. Does nothing
     * if the study is locked.
     */
    public void withdraw(Study study, String raterId) {
        withdrawals.withdraw(study, raterId).ifPresent(raters::forget);
    }

    /** Returns whether the rater with this token withdrew. */
    public boolean withdrawn(Study study, String token) {
        return withdrawals.withdrawn(study, token);
    }

    /** Returns the number of raters who withdrew. */
    public int withdrawnCount(Study study) {
        return withdrawals.count(study);
    }

    /**
     * Makes {@code count} links for one use and returns their tokens, of which only hashes are
     * stored.
     *
     * @throws dev.stanstudio.base.ArgumentException if the plan has fewer rows left
     */
    public List<String> invite(Study study, int count) {
        return invite(study, count, tokens -> {});
    }

    /**
     * Makes links as {@link #invite(Study, int)} does, and passes the tokens to {@code keep} before
     * the commit: no link exists if it throws, since tokens cannot be shown again.
     */
    public List<String> invite(Study study, int count, Consumer<List<String>> keep) {
        return invitations.make(study, count, keep);
    }

    /** Counts the links for one use. */
    public InvitationCount invited(Study study) {
        return invitations.count(study);
    }

    /** As {@link #rater}, from the database, since the place may be lost. */
    public Optional<Rater> currentRater(Study study, String token) {
        return raters.current(study, token);
    }

    /** Returns the study's rater whose browser has {@code token}, as it was read before. */
    public Optional<Rater> rater(Study study, String token) {
        return raters.find(study, token);
    }

    /** Returns the number of raters who joined. */
    public int raterCount(Study study) {
        return jdbi.withHandle(
                handle ->
                        handle.createQuery(COUNT_RATERS)
                                .bind("study", study.id())
                                .mapTo(Integer.class)
                                .one());
    }

    /** Returns the number of rows of the study's votes, including those that were taken back. */
    public int rowCount(Study study) {
        return votes.count(study);
    }

    /** Returns every row of a study's votes, in the order in which they were committed. */
    public List<VoteRow> rows(Study study) {
        return votes.rows(study);
    }

    /** Returns every row of one rater's votes, in the order in which they were committed. */
    public List<VoteRow> rows(Rater rater) {
        return votes.rows(rater);
    }

    /** Returns the rows that count: the newest of each trial, unless it takes an answer back. */
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
}
