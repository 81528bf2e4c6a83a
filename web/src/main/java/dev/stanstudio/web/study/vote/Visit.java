package dev.stanstudio.web.study.vote;

import dev.stanstudio.web.server.PageException;
import dev.stanstudio.web.server.Signer;
import dev.stanstudio.web.study.store.InvitationLinks;
import dev.stanstudio.web.study.store.JoinRefusedException;
import dev.stanstudio.web.study.store.Newcomer;
import dev.stanstudio.web.study.store.Panel;
import dev.stanstudio.web.study.store.Rater;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.study.store.StudyStore;
import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.SameSite;
import java.util.Objects;
import java.util.Optional;

/** Finds the study and the rater of a voter's request, and admits raters. Thread-safe. */
final class Visit {
    static final String INVITATION = InvitationLinks.PARAMETER;

    private static final String COOKIE = "voter";
    private static final int COOKIE_SECONDS = 60 * 24 * 3600;
    private static final int TOKEN_BYTES = 24;
    private static final int MAX_INVITATION = 100;

    private final StudyStore store;

    Visit(StudyStore store) {
        this.store = store;
    }

    Study study(Context ctx) {
        return found(ctx, store.byLink(ctx.pathParam("link")));
    }

    /** Returns the study as it was a moment ago, for requests that the store checks again. */
    Study recentStudy(Context ctx) {
        return found(ctx, store.recentByLink(ctx.pathParam("link")));
    }

    private static Study found(Context ctx, Optional<Study> study) {
        return study.orElseThrow(
                () -> PageException.missing(VoterTexts.of(ctx).of("refusal.study")));
    }

    /** Returns the rater who has the place now, from the database. */
    Optional<Rater> rater(Context ctx, Study study) {
        String token = token(ctx);
        return token.isEmpty() ? Optional.empty() : store.currentRater(study, token);
    }

    /** Returns the rater as it was read before. */
    Rater requireRater(Context ctx, Study study) {
        String token = token(ctx);
        return (token.isEmpty() ? Optional.<Rater>empty() : store.rater(study, token))
                .orElseThrow(() -> stranger(ctx, study));
    }

    private PageException stranger(Context ctx, Study study) {
        return withdrawn(ctx, study)
                ? Refusals.withdrawn(VoterTexts.of(ctx))
                : new PageException(403, VoterTexts.of(ctx).of("refusal.stranger"));
    }

    /** Returns whether this browser's rater withdrew. */
    boolean withdrawn(Context ctx, Study study) {
        String token = token(ctx);
        return !token.isEmpty() && store.withdrawn(study, token);
    }

    /** Returns whether this browser had a place that went to another rater. */
    boolean lostPlace(Context ctx, Study study) {
        String token = token(ctx);
        return !token.isEmpty()
                && store.rater(study, token).isEmpty()
                && store.lostPlace(study, token);
    }

    String address(Context ctx) {
        return VoterAddress.of(ctx);
    }

    /**
     * Admits a rater under a new cookie, or under the cookie whose place was lost.
     *
     * @param panelId id that the study's panel gave the rater; may be empty
     * @throws PageException if the study does not admit the rater, or the rater withdrew before
     */
    Rater join(Context ctx, Study study, String invitation, String panelId) {
        if (withdrawn(ctx, study)) {
            throw Refusals.withdrawn(VoterTexts.of(ctx));
        }
        boolean lost = rater(ctx, study).isEmpty() && lostPlace(ctx, study);
        String token = lost ? token(ctx) : Signer.randomText(TOKEN_BYTES);
        Newcomer newcomer =
                new Newcomer(
                        token,
                        Objects.requireNonNullElse(ctx.userAgent(), ""),
                        address(ctx),
                        invitation,
                        panelId);
        Rater rater = admit(ctx, study, newcomer);
        Cookie cookie = new Cookie(COOKIE, token);
        cookie.setPath(VotePath.of(study));
        cookie.setMaxAge(COOKIE_SECONDS);
        cookie.setHttpOnly(true);
        cookie.setSecure(ctx.scheme().equals("https"));
        cookie.setSameSite(SameSite.LAX);
        ctx.cookie(cookie);
        return rater;
    }

    private Rater admit(Context ctx, Study study, Newcomer newcomer) {
        try {
            return store.join(study, newcomer);
        } catch (JoinRefusedException e) {
            throw Refusals.page(VoterTexts.of(ctx), e, turnedAway(ctx, study));
        }
    }

    private static String token(Context ctx) {
        return Objects.requireNonNullElse(ctx.cookie(COOKIE), "");
    }

    static String form(Context ctx, String name) {
        return Objects.requireNonNullElse(ctx.formParam(name), "");
    }

    /** Returns the id that the study's panel put into the link; empty without a panel or an id. */
    String panelId(Context ctx, Study study) {
        return store.panels()
                .of(study)
                .map(panel -> panelId(ctx, panel))
                .filter(Panel::isId)
                .orElse("");
    }

    private static String panelId(Context ctx, Panel panel) {
        String given = ctx.queryParam(panel.parameter());
        return given == null ? form(ctx, VoteViews.Consent.PANEL) : given;
    }

    /** Returns the way back to the panel for a rater who is done. */
    Panel.Way completed(Study study, Rater rater) {
        return store.panels()
                .of(study)
                .map(panel -> Panel.way(panel.completed(), store.panels().id(rater)))
                .orElse(Panel.Way.NONE);
    }

    /** Returns the way back to the panel for somebody whom the study does not take any more. */
    Panel.Way turnedAway(Context ctx, Study study) {
        return store.panels()
                .of(study)
                .filter(panel -> !panel.turnedAway().isEmpty())
                .map(panel -> Panel.way(panel.turnedAway(), panelId(ctx, study)))
                .orElse(Panel.Way.NONE);
    }

    static String invitation(String text) {
        return text.length() > MAX_INVITATION ? text.substring(0, MAX_INVITATION) : text;
    }
}
