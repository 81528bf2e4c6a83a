package dev.stanstudio.web.server;

import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.OutOfMemoryException;
import dev.stanstudio.web.home.Database;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

/** Turns exceptions of handlers into one clear line, as a page, a part of one, or JSON. */
final class Failures {
    private static final int MOST_CAUSES = 16;
    private static final String VOTING = "/vote/";
    private static final String ANSWERED = "studio.failed";

    private final Problems problems;
    private final String hidden;

    /**
     * @param problems the log of unexpected failures
     * @param hidden the folder that answers to other machines do not name, or an empty text
     */
    Failures(Problems problems, String hidden) {
        this.problems = problems;
        this.hidden = hidden;
    }

    void register(JavalinConfig config) {
        config.router.javaLangErrorHandler(this::broken);
        register(config.routes);
    }

    private void register(RoutesConfig routes) {
        routes.exception(Exception.class, (e, ctx) -> answer(ctx, e));
        // Javalin's own handler of these would come first.
        routes.exception(HttpResponseException.class, (e, ctx) -> answer(ctx, e));
        routes.error(
                404,
                ctx -> {
                    if (ctx.attribute(ANSWERED) == null) {
                        show(ctx, 404, texts(ctx).of("failure.page", shortened(ctx.path())));
                    }
                });
    }

    private void answer(Context ctx, Throwable thrown) {
        Throwable e =
                thrown instanceof CompletionException && thrown.getCause() != null
                        ? thrown.getCause()
                        : thrown;
        if (e instanceof PageException page) {
            show(ctx, page.status(), message(e));
        } else if (e instanceof FieldException field) {
            show(ctx, 400, message(e), field.field());
        } else if (e instanceof UserException) {
            show(ctx, 400, message(e));
        } else if (e instanceof HttpResponseException http) {
            show(ctx, http.getStatus(), plain(http));
        } else if (Database.away(e)) {
            problems.note("the database is away; requests are answered with 503");
            show(ctx, 503, texts(ctx).of("failure.away"));
        } else if (outOfMemory(e)) {
            problems.report(named(ctx), e);
            show(ctx, 503, texts(ctx).of("failure.memory"));
        } else {
            String id = problems.report(named(ctx), e);
            show(ctx, 500, texts(ctx).of("failure.broken", id));
        }
    }

    private static Texts texts(Context ctx) {
        return TextBundle.FAILURE.in(PageLanguage.of(ctx));
    }

    /** Returns the request's method and path; a query may hold a key or a token. */
    private static String named(Context ctx) {
        return ctx.method() + " " + shortened(ctx.path());
    }

    /** Answers requests that an {@link Error} ended; Javalin hands these to no other handler. */
    private void broken(HttpServletResponse response, Error e) {
        problems.report("a request", e);
        if (!response.isCommitted()) {
            response.reset();
            response.setStatus(outOfMemory(e) ? 503 : 500);
            response.setHeader("Cache-Control", "no-store");
            response.setContentType("text/plain; charset=utf-8");
            try {
                response.getWriter().println("the studio could not do this; its log says why");
            } catch (IOException gone) {
                return; // then nobody waits for an answer
            }
        }
    }

    private static boolean outOfMemory(Throwable e) {
        return Stream.iterate(e, cause -> cause != null, Throwable::getCause)
                .limit(MOST_CAUSES)
                .anyMatch(
                        cause ->
                                cause instanceof OutOfMemoryError
                                        || cause instanceof OutOfMemoryException);
    }

    private static String plain(HttpResponseException e) {
        return switch (e.getStatus()) {
            case 404 -> "there is no page here";
            case 405 -> "this page takes no such request";
            case 413 -> "that is larger than the studio takes; send less at once";
            default -> Objects.requireNonNullElse(e.getMessage(), "the request cannot be answered");
        };
    }

    private static String message(Throwable e) {
        return Objects.requireNonNullElse(e.getMessage(), "the request cannot be answered");
    }

    private void show(Context ctx, int status, String plain) {
        show(ctx, status, plain, "");
    }

    private void show(Context ctx, int status, String plain, String field) {
        String message = hidden.isEmpty() ? plain : plain.replace(hidden, "STUDIO_HOME");
        ctx.attribute(ANSWERED, true);
        ctx.status(status).header("Cache-Control", "no-store");
        if (isProgram(ctx)) {
            ctx.json(Map.of("error", message));
        } else if (Pages.partial(ctx)) {
            ctx.html(Pages.text(new ServerViews.Problem(message, field)));
        } else {
            ctx.html(
                    Pages.text(
                            new ServerViews.FailurePage(texts(ctx), status, message, home(ctx))));
        }
    }

    /** Returns the studio's first page, which is not for voters. */
    private static String home(Context ctx) {
        return ctx.path().startsWith(VOTING) ? "" : "/";
    }

    /** Returns whether the answer is for a program, which reads JSON and no page. */
    static boolean isProgram(Context ctx) {
        return ctx.path().startsWith("/api/")
                || ctx.path().equals("/health")
                || Objects.requireNonNullElse(ctx.header("Accept"), "")
                        .contains("application/json");
    }

    private static String shortened(String path) {
        return path.length() > 80 ? path.substring(0, 80) + "…" : path;
    }
}
