package dev.stanstudio.web.generate;

import dev.stanstudio.web.picture.StoredPicture;
import dev.stanstudio.web.server.PageException;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.util.List;
import java.util.function.Predicate;

/** What can be done to the queue and to pictures in it. */
final class QueueActions {
    private final GenerateServices desk;

    QueueActions(GenerateServices desk) {
        this.desk = desk;
    }

    void register(RoutesConfig routes) {
        routes.post("/queue/pause", ctx -> pause(ctx, true));
        routes.post("/queue/resume", ctx -> pause(ctx, false));
        routes.post("/queue/order", this::reorder);
        routes.post("/generate/{matrix}/cancel", this::cancelMatrix);
        routes.post("/generate/{matrix}/retry", this::retryMatrix);
        action(routes, "cancel", desk.workers::cancel, "it is neither waiting nor being drawn");
        action(routes, "retry", desk.queue::retry, "only failed and cancelled pictures are");
        action(routes, "first", desk.queue::first, "it waits no longer");
    }

    private void action(
            RoutesConfig routes, String name, Predicate<String> change, String otherwise) {
        routes.post(
                "/pictures/{id}/" + name,
                ctx -> {
                    StoredPicture picture = desk.table.get(ctx.pathParam("id"));
                    if (!change.test(picture.id())) {
                        throw new PageException(
                                409,
                                "picture "
                                        + picture.subject().seed()
                                        + " cannot be changed so: "
                                        + otherwise);
                    }
                    done(ctx);
                });
    }

    private void done(Context ctx) {
        desk.workers.wake();
        desk.broadcast.changed();
        ctx.status(HttpStatus.NO_CONTENT);
    }

    private void pause(Context ctx, boolean paused) {
        desk.queue.pause(paused);
        done(ctx);
    }

    private void reorder(Context ctx) {
        desk.queue.reorder(List.copyOf(ctx.formParams("id")));
        done(ctx);
    }

    private List<StoredPicture> pictures(Context ctx) {
        String id = ctx.pathParam("matrix");
        if (desk.table.matrix(id).isEmpty()) {
            throw PageException.missing("there is no such matrix");
        }
        return desk.table.ofMatrix(id);
    }

    private void cancelMatrix(Context ctx) {
        List<StoredPicture> pictures = pictures(ctx);
        pictures.stream()
                .filter(picture -> picture.state().pending())
                .forEach(picture -> desk.workers.cancel(picture.id()));
        done(ctx);
    }

    private void retryMatrix(Context ctx) {
        List<StoredPicture> pictures = pictures(ctx);
        pictures.stream()
                .filter(picture -> picture.state().retriable())
                .forEach(picture -> desk.queue.retry(picture.id()));
        done(ctx);
    }
}
