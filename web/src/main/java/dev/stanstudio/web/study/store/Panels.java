package dev.stanstudio.web.study.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jspecify.annotations.Nullable;

/**
 * Stores the panels of studies, and which of a panel's people took part. Their ids stand apart from
 * votes and are in no report. Thread-safe.
 */
public final class Panels {
    private static final String FIND =
            """
            SELECT parameter, completed, turned_away FROM study_panel WHERE study_id = :study
            """;

    private static final String REMOVE =
            """
            DELETE FROM study_panel WHERE study_id = :study
            """;

    private static final String SET =
            """
            INSERT INTO study_panel (study_id, parameter, completed, turned_away)
            VALUES (:study, :parameter, :completed, :turnedAway)
            """;

    private static final String KNOWN =
            """
            SELECT COUNT(*) FROM panel_rater
            WHERE study_id = :study AND panel_id = :id AND freed_token = ''
            """;

    private static final String ADD =
            """
            INSERT INTO panel_rater (study_id, panel_id, rater_id, trials, joined_at, freed_token)
            VALUES (:study, :id, :rater, :trials, :now, '')
            """;

    private static final String FREED_ID =
            """
            SELECT panel_id FROM panel_rater WHERE study_id = :study AND freed_token = :token
            """;

    private static final String REMOVE_FREED =
            """
            DELETE FROM panel_rater
            WHERE study_id = :study AND panel_id = :id AND freed_token <> ''
            """;

    private static final String ID_OF =
            """
            SELECT panel_id FROM panel_rater WHERE rater_id = :rater
            """;

    private static final String FREE =
            """
            UPDATE panel_rater SET freed_token = :token WHERE rater_id = :rater
            """;

    private static final String FORGET =
            """
            DELETE FROM panel_rater WHERE study_id = :study
            """;

    /** An answer stands if it is the newest row of its trial and takes nothing back. */
    private static final String LIST =
            """
            SELECT p.panel_id AS id, p.trials, p.joined_at,
                (r.id IS NULL AND p.freed_token = '') AS withdrew,
                (SELECT COUNT(*) FROM vote v WHERE v.rater_id = p.rater_id AND v.choice >= 0
                    AND NOT EXISTS (SELECT 1 FROM vote later WHERE later.rater_id = v.rater_id
                        AND later.position = v.position AND later.revision > v.revision)) AS answers,
                (SELECT MAX(v.voted_at) FROM vote v WHERE v.rater_id = p.rater_id) AS last
            FROM panel_rater p LEFT JOIN rater r ON r.id = p.rater_id
            WHERE p.study_id = :study
            ORDER BY p.joined_at, p.panel_id
            """;

    private final Jdbi jdbi;

    Panels(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** A row of the list; times are in milliseconds since 1970. */
    record Row(
            String id,
            int trials,
            long joinedAt,
            boolean withdrew,
            int answers,
            @Nullable Long last) {
        PanelRater rater() {
            return new PanelRater(
                    id,
                    withdrew
                            ? PanelRater.State.WITHDREW
                            : answers >= trials
                                    ? PanelRater.State.COMPLETED
                                    : PanelRater.State.INCOMPLETE,
                    answers,
                    trials,
                    Instant.ofEpochMilli(joinedAt),
                    last == null ? null : Instant.ofEpochMilli(last));
        }
    }

    /** Sets the panel of a study in the place of another. */
    public void set(Study study, Panel panel) {
        jdbi.useTransaction(
                handle -> {
                    handle.createUpdate(REMOVE).bind("study", study.id()).execute();
                    handle.createUpdate(SET)
                            .bind("study", study.id())
                            .bind("parameter", panel.parameter())
                            .bind("completed", panel.completed())
                            .bind("turnedAway", panel.turnedAway())
                            .execute();
                });
    }

    /** Returns the panel of a study, if it has one. */
    public Optional<Panel> of(Study study) {
        return jdbi.withHandle(handle -> of(handle, study));
    }

    private static Optional<Panel> of(Handle handle, Study study) {
        return handle.createQuery(FIND)
                .bind("study", study.id())
                .map(ConstructorMapper.of(Panel.class))
                .findOne();
    }

    /** Returns the people of the panel who took part, in the order in which they came. */
    public List<PanelRater> raters(Study study) {
        return jdbi.withHandle(
                handle ->
                        handle
                                .createQuery(LIST)
                                .bind("study", study.id())
                                .map(ConstructorMapper.of(Row.class))
                                .stream()
                                .map(Row::rater)
                                .toList());
    }

    /** Deletes all ids of a study's panel and returns how many there were. */
    public int forget(Study study) {
        return jdbi.withHandle(
                handle -> handle.createUpdate(FORGET).bind("study", study.id()).execute());
    }

    /** Returns whether somebody with this id took part. */
    public boolean knows(Study study, String id) {
        return jdbi.withHandle(handle -> knows(handle, study, id));
    }

    private static boolean knows(Handle handle, Study study, String id) {
        return handle.createQuery(KNOWN)
                        .bind("study", study.id())
                        .bind("id", id)
                        .mapTo(Integer.class)
                        .one()
                > 0;
    }

    /** Returns the panel's id of a rater; empty without one. */
    public String id(Rater rater) {
        return jdbi.withHandle(
                handle ->
                        handle.createQuery(ID_OF)
                                .bind("rater", rater.id())
                                .mapTo(String.class)
                                .findOne()
                                .orElse(""));
    }

    /**
     * Notes who a new rater is to the panel, in the transaction of joining; nothing if the study
     * has no panel.
     *
     * @param given the panel's id; may be empty of a rater who lost the place
     * @param token hash of the rater's cookie
     * @throws JoinRefusedException if the panel's id is missing or took part before
     */
    static void admit(
            Handle handle, Study study, Rater rater, String given, String token, long now) {
        if (of(handle, study).isEmpty()) {
            return;
        }
        String id = given.isEmpty() ? freed(handle, study, token) : given;
        if (!Panel.isId(id)) {
            throw new JoinRefusedException(JoinRefusedException.Reason.PANEL_ID_NEEDED);
        }
        if (knows(handle, study, id)) {
            throw new JoinRefusedException(JoinRefusedException.Reason.PANEL_ID_USED);
        }
        handle.createUpdate(REMOVE_FREED).bind("study", study.id()).bind("id", id).execute();
        handle.createUpdate(ADD)
                .bind("study", study.id())
                .bind("id", id)
                .bind("rater", rater.id())
                .bind("trials", study.plan().raters().get(rater.slot()).size())
                .bind("now", now)
                .execute();
    }

    private static String freed(Handle handle, Study study, String token) {
        return handle.createQuery(FREED_ID)
                .bind("study", study.id())
                .bind("token", token)
                .mapTo(String.class)
                .findOne()
                .orElse("");
    }

    /** Notes that a rater's place goes to another, in the transaction of that. */
    static void free(Handle handle, String rater, String token) {
        handle.createUpdate(FREE).bind("rater", rater).bind("token", token).execute();
    }
}
