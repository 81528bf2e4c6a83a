package dev.stanstudio.web.server;

import dev.stanstudio.datasets.UserException;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** Turns whatever a handler throws into one clear line, as a page, a part of one, or JSON. */
final class Failures {
    private static final long MOST_BYTES = 256L << 20;
    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(10);

    private Failures() {}

    static void register(RoutesConfig routes) {
        routes.exception(Exception.class, (e, ctx) -> answer(ctx, e));
        // The server has a handler of its own for these, which comes first.
        routes.exception(HttpResponseException.class, (e, ctx) -> answer(ctx, e));
        routes.error(
                404,
                ctx -> {
                    if (ctx.attribute("studio.failed") == null) {
                        show(ctx, 404, "there is no page " + shortened(ctx.path()));
                    }
                });
    }

    private static void answer(Context ctx, Throwable thrown) {
        Throwable e =
                thrown instanceof CompletionException && thrown.getCause() != null
                        ? thrown.getCause()
                        : thrown;
        if (e instanceof PageException page) {
            show(ctx, page.status(), message(e));
        } else if (e instanceof UserException) {
            show(ctx, 400, message(e));
        } else if (e instanceof HttpResponseException http) {
            if (http.getStatus() == HttpStatus.CONTENT_TOO_LARGE.getCode()) {
                takeIn(ctx);
            }
            show(ctx, http.getStatus(), plain(http));
        } else {
            System.err.println("studio: " + ctx.method() + " " + ctx.path() + " failed: " + e);
            e.printStackTrace();
            show(ctx, 500, "something in the studio failed; its terminal shows what");
        }
    }

    /**
     * Reads what is still being sent and keeps nothing of it, to an end: who is cut off while
     * sending never reads the answer.
     */
    private static void takeIn(Context ctx) {
        long end = System.nanoTime() + MOST_NANOS;
        byte[] piece = new byte[1 << 16];
        try (InputStream in = ctx.req().getInputStream()) {
            long taken = 0;
            int count = 0;
            while (count >= 0 && taken < MOST_BYTES && System.nanoTime() < end) {
                taken += count;
                count = in.read(piece);
            }
        } catch (IOException e) {
            // Then nobody waits for an answer.
            return;
        }
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

    private static void show(Context ctx, int status, String message) {
        ctx.attribute("studio.failed", true);
        ctx.status(status).header("Cache-Control", "no-store");
        if (isProgram(ctx)) {
            ctx.json(Map.of("error", message));
        } else if (Pages.partial(ctx)) {
            ctx.html(Pages.text("server/problem.jte", Map.of("message", message)));
        } else {
            ctx.html(
                    Pages.text("server/failure.jte", Map.of("status", status, "message", message)));
        }
    }

    private static boolean isProgram(Context ctx) {
        return ctx.path().startsWith("/api/")
                || Objects.requireNonNullElse(ctx.header("Accept"), "")
                        .contains("application/json");
    }

    private static String shortened(String path) {
        return path.length() > 80 ? path.substring(0, 80) + "…" : path;
    }
}
