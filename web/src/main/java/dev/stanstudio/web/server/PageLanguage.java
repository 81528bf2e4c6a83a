package dev.stanstudio.web.server;

import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.SameSite;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the language of the page that answers a request: the one that the visitor picks by the
 * query parameter {@value #PARAMETER}, which a cookie keeps; else the browser's. Pages for which
 * nothing was chosen are English.
 */
public final class PageLanguage {
    /** The query parameter by which a visitor picks a language. */
    public static final String PARAMETER = "language";

    private static final String ATTRIBUTE = "studio.language";
    private static final int COOKIE_SECONDS = 60 * 24 * 3600;

    private PageLanguage() {}

    /** Returns the language of the page that answers {@code ctx}. */
    public static Language of(Context ctx) {
        return ctx.attribute(ATTRIBUTE) instanceof Language chosen ? chosen : Language.ENGLISH;
    }

    /**
     * Chooses the language before a page is made.
     *
     * @param path part of the site to which a picked language applies
     */
    public static void choose(Context ctx, String path) {
        Optional<Language> picked = Language.ofTag(text(ctx.queryParam(PARAMETER)));
        picked.ifPresent(language -> keep(ctx, path, language));
        ctx.attribute(
                ATTRIBUTE,
                picked.or(() -> Language.ofTag(text(ctx.cookie(PARAMETER))))
                        .orElseGet(() -> Language.preferred(text(ctx.header("Accept-Language")))));
    }

    private static void keep(Context ctx, String path, Language language) {
        Cookie cookie = new Cookie(PARAMETER, language.tag());
        cookie.setPath(path);
        cookie.setMaxAge(COOKIE_SECONDS);
        cookie.setHttpOnly(true);
        cookie.setSecure(ctx.scheme().equals("https"));
        cookie.setSameSite(SameSite.LAX);
        ctx.cookie(cookie);
    }

    private static String text(@Nullable String given) {
        return Objects.requireNonNullElse(given, "");
    }
}
