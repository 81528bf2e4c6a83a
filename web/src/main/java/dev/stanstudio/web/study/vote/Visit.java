package dev.stanstudio.web.study.vote;

import dev.stanstudio.web.server.PageException;
import dev.stanstudio.web.server.Pages;
import dev.stanstudio.web.server.Signer;
import dev.stanstudio.web.study.store.InvitationLinks;
import dev.stanstudio.web.study.store.Newcomer;
import dev.stanstudio.web.study.store.Rater;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.study.store.StudyStore;
import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.SameSite;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Tells from a voter's request which study and rater it is about. Thread-safe. */
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
        return found(store.byLink(ctx.pathParam("link")));
    }

    /** As it was a moment ago, for requests that a locked study refuses when they reach it. */
    Study recentStudy(Context ctx) {
        return found(store.recentByLink(ctx.pathParam("link")));
    }

    private static Study found(Optional<Study> study) {
        return study.orElseThrow(
                () ->
                        PageException.missing(
                                "there is no study behind this link; check that it was"
                                        + " copied whole"));
    }

    /** The rater whose place it still is. */
    Optional<Rater> rater(Context ctx, Study study) {
        String token = token(ctx);
        return token.isEmpty() ? Optional.empty() : store.currentRater(study, token);
    }

    /** The rater as known from before. */
    Rater requireRater(Context ctx, Study study) {
        String token = token(ctx);
        return (token.isEmpty() ? Optional.<Rater>empty() : store.rater(study, token))
                .orElseThrow(
                        () ->
                                new PageException(
                                        403, "open the study's link and agree to take part first"));
    }

    /** Returns whether the place of this browser went to another; looked up where it has none. */
    boolean lostPlace(Context ctx, Study study) {
        String token = token(ctx);
        return !token.isEmpty()
                && store.rater(study, token).isEmpty()
                && store.lostPlace(study, token);
    }

    String address(Context ctx) {
        return VoterAddress.of(ctx);
    }

    /** Admits whoever asks, under a new cookie, or under the one whose place was lost. */
    Rater join(Context ctx, Study study, String invitation) {
        boolean lost = rater(ctx, study).isEmpty() && lostPlace(ctx, study);
        String token = lost ? token(ctx) : Signer.randomText(TOKEN_BYTES);
        Rater rater =
                store.join(
                        study,
                        new Newcomer(
                                token,
                                Objects.requireNonNullElse(ctx.userAgent(), ""),
                                address(ctx),
                                invitation));
        Cookie cookie = new Cookie(COOKIE, token);
        cookie.setPath(base(study));
        cookie.setMaxAge(COOKIE_SECONDS);
        cookie.setHttpOnly(true);
        cookie.setSecure(ctx.scheme().equals("https"));
        cookie.setSameSite(SameSite.LAX);
        ctx.cookie(cookie);
        return rater;
    }

    private static String token(Context ctx) {
        return Objects.requireNonNullElse(ctx.cookie(COOKIE), "");
    }

    static String form(Context ctx, String name) {
        return Objects.requireNonNullElse(ctx.formParam(name), "");
    }

    static String invitation(String text) {
        return text.length() > MAX_INVITATION ? text.substring(0, MAX_INVITATION) : text;
    }

    static String base(Study study) {
        return "/vote/" + study.link();
    }

    static void page(Context ctx, Study study, String template, Map<String, Object> more) {
        Map<String, Object> model = new HashMap<>(more);
        model.put("about", new VotePages.About(study));
        Pages.show(ctx, template, model);
    }
}
