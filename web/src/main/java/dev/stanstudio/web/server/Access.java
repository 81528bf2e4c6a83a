package dev.stanstudio.web.server;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpStatus;
import io.javalin.http.SameSite;
import java.net.URI;
import java.time.Clock;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Controls access to routes, which are private unless they have a role. Without a password, private
 * routes answer only requests whose host is this machine, which prevents DNS rebinding; with one
 * they require it. Requests that change something must come from the studio's own pages (CSRF).
 */
final class Access {
    private static final String SESSION = "studio_session";
    private static final String OPEN = "studio_session_open";

    private final ServerSettings settings;
    private final Sessions sessions;
    private final LoginLimit logins;

    Access(ServerSettings settings, Clock clock) {
        this.settings = settings;
        this.sessions = new Sessions(clock);
        this.logins = new LoginLimit(clock);
    }

    /**
     * Returns whether the studio's own pages answer {@code request}, as far as its headers tell.
     */
    boolean insider(Request request) {
        if (!settings.guarded()) {
            return true; // only this machine reaches it
        }
        return Request.getCookies(request).stream()
                .filter(cookie -> cookie.getName().equals(SESSION))
                .anyMatch(cookie -> sessions.has(cookie.getValue()));
    }

    void register(RoutesConfig routes) {
        routes.before(this::refuseForeign);
        routes.beforeMatched(this::guard);
        routes.get("/login", ctx -> showLogin(ctx, ""), Audience.EVERYONE);
        routes.post("/login", this::login, Audience.EVERYONE);
        routes.post("/logout", this::logout, Audience.EVERYONE);
    }

    private void refuseForeign(Context ctx) {
        if (ctx.method().equals(HandlerType.GET) || ctx.method().equals(HandlerType.HEAD)) {
            return;
        }
        String site = ctx.header("Sec-Fetch-Site");
        boolean foreign =
                site != null
                        ? !site.equals("same-origin") && !site.equals("none")
                        : !sameOrigin(ctx.header("Origin"), ctx.host());
        if (foreign) {
            throw new PageException(
                    403, "this request came from another site; open the studio itself");
        }
    }

    /** Programs that are no browser send no origin and carry no cookies of one. */
    private static boolean sameOrigin(@Nullable String origin, @Nullable String host) {
        if (origin == null) {
            return true;
        }
        try {
            return Objects.equals(URI.create(origin).getAuthority(), host);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private void guard(Context ctx) {
        if (ctx.routeRoles().contains(Audience.EVERYONE)) {
            return;
        }
        if (!settings.guarded()) {
            requireThisMachine(ctx);
        } else if (!loggedIn(ctx)) {
            boolean page = ctx.method().equals(HandlerType.GET) && !Pages.partial(ctx);
            if (page && !Failures.isProgram(ctx)) {
                ctx.redirect("/login", HttpStatus.SEE_OTHER);
                ctx.skipRemainingHandlers();
                return;
            }
            throw new PageException(401, "log in first: your session has ended");
        } else {
            String secret = ctx.cookie(SESSION);
            ctx.attribute(OPEN, (BooleanSupplier) () -> sessions.has(secret));
        }
    }

    /** Returns whether the session that an answer goes to is open; it may end before the answer. */
    static BooleanSupplier open(Context ctx) {
        return Objects.requireNonNullElse(ctx.<BooleanSupplier>attribute(OPEN), () -> true);
    }

    private void requireThisMachine(Context ctx) {
        String name = ServerSettings.nameOf(ctx.host());
        if (!ServerSettings.loopback(name)) {
            throw new PageException(
                    421,
                    "the studio answers to this machine only, not to the name "
                            + name
                            + "; open it as http://127.0.0.1");
        }
    }

    private boolean loggedIn(Context ctx) {
        return sessions.has(ctx.cookie(SESSION));
    }

    private void login(Context ctx) {
        logins.tryFrom(ctx.ip());
        String given = Objects.requireNonNullElse(ctx.formParam("password"), "");
        boolean right = settings.guarded() && Signer.same(given, settings.password());
        if (!right) {
            ctx.status(HttpStatus.UNAUTHORIZED);
            showLogin(ctx, "That is not the password.");
            return;
        }
        logins.right(ctx.ip());
        sessions.end(ctx.cookie(SESSION));
        ctx.cookie(cookie(ctx, sessions.begin(), (int) Sessions.LENGTH.toSeconds()));
        ctx.redirect("/", HttpStatus.SEE_OTHER);
    }

    private void logout(Context ctx) {
        sessions.end(ctx.cookie(SESSION));
        ctx.cookie(cookie(ctx, "", 0));
        ctx.redirect("/login", HttpStatus.SEE_OTHER);
    }

    private static Cookie cookie(Context ctx, String value, int seconds) {
        Cookie cookie = new Cookie(SESSION, value);
        cookie.setPath("/");
        cookie.setMaxAge(seconds);
        cookie.setHttpOnly(true);
        cookie.setSecure(ctx.scheme().equals("https"));
        cookie.setSameSite(SameSite.LAX);
        return cookie;
    }

    private static void showLogin(Context ctx, String problem) {
        boolean open =
                !ctx.scheme().equals("https")
                        && !ServerSettings.loopback(ServerSettings.nameOf(ctx.host()));
        Pages.show(ctx, new ServerViews.Login(problem, open));
    }
}
