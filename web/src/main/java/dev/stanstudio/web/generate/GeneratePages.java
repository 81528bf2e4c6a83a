package dev.stanstudio.web.generate;

import dev.stanstudio.web.picture.Matrix;
import dev.stanstudio.web.picture.MatrixRequest;
import dev.stanstudio.web.picture.StoredPicture;
import dev.stanstudio.web.server.Frame;
import dev.stanstudio.web.server.PageException;
import dev.stanstudio.web.server.Pages;
import dev.stanstudio.web.server.Visitor;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.javalin.http.UploadedFile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The page: form, matrix, queue, and the stream of what happens. */
final class GeneratePages {
    private static final int RECENT = 12;

    private final GenerateServices desk;

    GeneratePages(GenerateServices desk) {
        this.desk = desk;
    }

    void register(RoutesConfig routes) {
        routes.get("/generate", this::newest);
        routes.post("/generate", this::order);
        routes.post("/generate/recall", this::recall);
        routes.get("/generate/queue", this::queue);
        routes.sse("/generate/events", desk.broadcast::add);
        routes.get("/generate/{matrix}", this::matrix);
        routes.get("/generate/{matrix}/table", this::table);
        routes.get(
                "/styles/{style}.png",
                ctx ->
                        ctx.contentType("image/png")
                                .header("Cache-Control", "private, max-age=86400")
                                .result(Styles.example(ctx.pathParam("style"))));
    }

    private void newest(Context ctx) {
        Visitor.of(ctx);
        Optional<Matrix> newest = desk.table.newest(1).stream().findFirst();
        String from = ctx.queryParam("from");
        if (from != null) {
            StoredPicture picture = desk.table.get(from);
            MatrixRequests.Recalled recalled =
                    orders().order(desk.table.request(from), picture.model());
            String start = ctx.queryParam("start");
            MatrixRequest order = recalled.order();
            MatrixRequest wanted = start == null ? order : startingFrom(order, from);
            show(ctx, newest, form(wanted, recalled.notes()));
            return;
        }
        MatrixRequest order =
                newest.map(Matrix::order).orElseGet(() -> MatrixRequests.welcome(desk.room));
        show(ctx, newest, form(order, List.of()));
    }

    /** The settings of a picture, to go on from what it shows. */
    private MatrixRequest startingFrom(MatrixRequest order, String picture) {
        return new MatrixRequest(
                order.model(),
                order.prompts(),
                order.styles(),
                order.methods(),
                order.seeds(),
                order.negative(),
                order.width(),
                order.height(),
                order.sampling(),
                desk.sources.input(picture, "", Sources.STRENGTH),
                order.carried());
    }

    private FormView form(MatrixRequest order, List<String> notes) {
        return FormView.of(order, desk.shelf, desk.room.names(), notes);
    }

    private MatrixRequests orders() {
        return new MatrixRequests(desk.room, desk.shelf, desk.sources);
    }

    private void matrix(Context ctx) {
        Matrix matrix = find(ctx);
        show(ctx, Optional.of(matrix), form(matrix.order(), List.of()));
    }

    private Matrix find(Context ctx) {
        return desk.table
                .matrix(ctx.pathParam("matrix"))
                .orElseThrow(() -> PageException.missing("there is no such matrix"));
    }

    private void show(Context ctx, Optional<Matrix> matrix, FormView form) {
        Map<String, Object> model = new HashMap<>();
        model.put("frame", Frame.of(ctx, "Generate"));
        model.put("form", form);
        model.put("depth", desk.queue.depth());
        model.put("recent", recent());
        matrix.ifPresent(m -> model.put("view", view(m)));
        Pages.show(ctx, "generate/page.jte", model);
    }

    private List<Matrix> recent() {
        return desk.table.newest(RECENT);
    }

    private MatrixView view(Matrix matrix) {
        return MatrixView.of(matrix, desk.table.ofMatrix(matrix.id()));
    }

    private void table(Context ctx) {
        Pages.show(ctx, "generate/matrix.jte", Map.of("view", view(find(ctx))));
    }

    private void order(Context ctx) {
        MatrixRequest order = new MatrixForm(ctx, desk.shelf, desk.sources).read();
        Matrix matrix = desk.take(Visitor.of(ctx), order);
        String address = "/generate/" + matrix.id();
        if (Pages.partial(ctx)) {
            ctx.header("HX-Push-Url", address);
            Pages.show(ctx, "generate/matrix.jte", Map.of("view", view(matrix)));
        } else {
            ctx.redirect(address, HttpStatus.SEE_OTHER);
        }
    }

    private void recall(Context ctx) {
        UploadedFile upload = ctx.uploadedFile("picture");
        if (upload == null) {
            throw new PageException(
                    400, "drop a picture that this program, A1111, SwarmUI or Fooocus wrote");
        }
        MatrixRequests.Recalled recalled =
                desk.sources.uploaded(upload.content(), orders()::recall);
        Pages.show(
                ctx, "generate/form.jte", Map.of("form", form(recalled.order(), recalled.notes())));
    }

    private void queue(Context ctx) {
        Map<String, Integer> places = desk.queue.places();
        List<QueueView.Entry> entries =
                QueueView.entries(desk.table, places, Visitor.of(ctx), desk.studio.clock());
        Pages.show(
                ctx, "generate/queue.jte", Map.of("depth", desk.queue.depth(), "entries", entries));
    }
}
