package dev.stanstudio.web.server;

import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.SameSite;

/** Tells browsers apart, so that each gets its turn. It says nothing about who somebody is. */
public final class Visitor {
    private static final String COOKIE = "studio_visitor";
    private static final int SECONDS = 365 * 24 * 3600;
    private static final int BYTES = 12;

    private Visitor() {}

    /** The visitor behind {@code ctx}, who gets a cookie if there is none. */
    public static String of(Context ctx) {
        String known = ctx.cookie(COOKIE);
        if (known != null && known.matches("[A-Za-z0-9_-]{8,64}")) {
            return known;
        }
        String fresh = Signer.randomText(BYTES);
        Cookie cookie = new Cookie(COOKIE, fresh);
        cookie.setPath("/");
        cookie.setMaxAge(SECONDS);
        cookie.setHttpOnly(true);
        cookie.setSecure(ctx.scheme().equals("https"));
        cookie.setSameSite(SameSite.LAX);
        ctx.cookie(cookie);
        return fresh;
    }
}
