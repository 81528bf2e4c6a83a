package dev.stanstudio.web.generate;

import dev.stanstudio.web.picture.StoredPicture;
import dev.stanstudio.web.server.PageException;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Changes the queue and the pictures in it. */
final class QueueActions {
    private final GenerateServices services;

    QueueActions(GenerateServices services) {
        this.services = services;
    }

    void register(RoutesConfig routes) {
        routes.post("/queue/pause", ctx -> pause(ctx, true));
        routes.post("/queue/resume", ctx -> pause(ctx, false));
        routes.post("/queue/order", this::reorder);
        routes.post("/generate/{matrix}/cancel", this::cancelMatrix);
        routes.post("/generate/{matrix}/retry", this::retryMatrix);
        action(routes, "cancel", services.workers::cancel, "it is neither waiting nor being drawn");
        action(routes, "retry", services.queue::retry, "only failed and cancelled pictures are");
        action(routes, "first", services.queue::first, "it waits no longer");
    }

    private void action(
            RoutesConfig routes, String name, Predicate<String> change, String otherwise) {
        routes.post(
                "/pictures/{id}/" + name,
                ctx -> {
                    StoredPicture picture = services.picture(ctx.pathParam("id"));
                    if (!change.test(picture.id())) {
                        throw new PageException(
                                409,
                                "picture %s cannot be changed so: %s"
                                        .formatted(picture.subject().seed(), otherwise));
                    }
                    done(ctx);
                });
    }

    private void done(Context ctx) {
        services.workers.wake();
        services.broadcast.changed();
        ctx.status(HttpStatus.NO_CONTENT);
    }

    private void pause(Context ctx, boolean paused) {
        services.queue.pause(paused);
        done(ctx);
    }

    private void reorder(Context ctx) {
        services.queue.reorder(List.copyOf(ctx.formParams("id")));
        done(ctx);
    }

    private List<StoredPicture> pictures(Context ctx) {
        return services.table.ofMatrix(services.matrix(ctx.pathParam("matrix")).id());
    }

    /** Cancels a matrix, or its {@code row} or {@code column} alone, counted from 0. */
    private void cancelMatrix(Context ctx) {
        int width = services.matrix(ctx.pathParam("matrix")).request().layout().columns().size();
        Predicate<StoredPicture> wanted =
                in(ctx.formParam("row"), place -> place / width)
                        .and(in(ctx.formParam("column"), place -> place % width));
        pictures(ctx).stream()
                .filter(picture -> picture.state().isOpen())
                .filter(wanted)
                .forEach(picture -> services.workers.cancel(picture.id()));
        done(ctx);
    }

    /** Returns a test for the pictures of a line; all pass where none is given. */
    private static Predicate<StoredPicture> in(@Nullable String line, IntUnaryOperator lineOf) {
        return line == null
                ? picture -> true
                : picture -> line.equals(String.valueOf(lineOf.applyAsInt(picture.place())));
    }

    private void retryMatrix(Context ctx) {
        List<StoredPicture> pictures = pictures(ctx);
        pictures.stream()
                .filter(picture -> picture.state().isRetriable())
                .forEach(picture -> services.queue.retry(picture.id()));
        done(ctx);
    }
}
