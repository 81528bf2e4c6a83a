package dev.stanstudio.web.generate;

import dev.stanstudio.web.picture.Matrix;
import dev.stanstudio.web.picture.MatrixRequest;
import dev.stanstudio.web.server.Frame;
import dev.stanstudio.web.server.PageException;
import dev.stanstudio.web.server.Pages;
import dev.stanstudio.web.server.Visitor;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.javalin.http.UploadedFile;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Serves the page Generate: its form, matrix and queue, and the stream of events. */
final class GeneratePages {
    private static final int RECENT = 12;

    private final GenerateServices services;
    private final MatrixRequests requests;

    GeneratePages(GenerateServices services) {
        this.services = services;
        this.requests = new MatrixRequests(services.models, services.catalog, services.sources);
    }

    void register(RoutesConfig routes) {
        routes.get("/generate", this::newest);
        routes.post("/generate", this::submit);
        routes.post("/generate/recall", this::recall);
        routes.get("/generate/queue", this::queue);
        routes.sse("/generate/events", services.broadcast::add);
        routes.get("/generate/{matrix}", this::matrix);
        routes.get("/generate/{matrix}/table", this::table);
        routes.get("/styles/{style}.png", GeneratePages::style);
    }

    private static void style(Context ctx) {
        ctx.contentType("image/png")
                .header("Cache-Control", "private, max-age=86400")
                .result(Styles.example(ctx.pathParam("style")));
    }

    private void newest(Context ctx) {
        Visitor.of(ctx);
        Matrix newest = services.table.newest(1).stream().findFirst().orElse(null);
        String from = ctx.queryParam("from");
        String with = ctx.queryParam("with");
        if (with != null) {
            show(ctx, newest, form(requests.with(with), List.of()));
        } else if (from != null) {
            show(ctx, newest, form(from, ctx.queryParam("start") != null));
        } else if (newest != null) {
            show(ctx, newest, again(newest));
        } else {
            show(ctx, null, form(MatrixRequests.welcome(services.models), List.of()));
        }
    }

    /** Returns the form with the settings of a picture, which can also start from it. */
    private FormView form(String picture, boolean start) {
        String model = services.picture(picture).model();
        MatrixRequests.Recalled recalled =
                requests.of(services.table.request(picture).orElseThrow(), model);
        MatrixRequest request = recalled.request();
        MatrixRequest wanted =
                start ? request.startingFrom(services.sources.input(picture)) : request;
        return form(wanted, recalled.notes());
    }

    private FormView form(MatrixRequest request, List<String> notes) {
        return FormView.of(request, services.catalog, services.models.names(), notes);
    }

    private void matrix(Context ctx) {
        Matrix matrix = services.matrix(ctx.pathParam("matrix"));
        show(ctx, matrix, again(matrix));
    }

    /** Returns the form with the settings of a matrix, and notes on what of it is gone. */
    private FormView again(Matrix matrix) {
        return form(matrix.request(), requests.missing(matrix.request()));
    }

    private void show(Context ctx, @Nullable Matrix matrix, FormView form) {
        GenerateView view =
                new GenerateView(
                        Frame.of(ctx, "Generate"),
                        form,
                        services.queue.depth(),
                        services.table.newest(RECENT),
                        matrix == null ? null : view(matrix));
        Pages.show(ctx, view);
    }

    private MatrixView view(Matrix matrix) {
        return MatrixView.of(matrix, services.table.ofMatrix(matrix.id()));
    }

    private void table(Context ctx) {
        Matrix matrix = services.matrix(ctx.pathParam("matrix"));
        Pages.show(ctx, view(matrix));
    }

    private void submit(Context ctx) {
        MatrixRequest request = MatrixForm.of(ctx, services.catalog, services.sources).read();
        Matrix matrix = services.submit(Visitor.of(ctx), request);
        String address = "/generate/" + matrix.id();
        if (Pages.partial(ctx)) {
            ctx.header("HX-Push-Url", address);
            Pages.show(ctx, view(matrix));
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
                services.sources.uploaded(upload.content(), requests::recall);
        Pages.show(ctx, form(recalled.request(), recalled.notes()));
    }

    private void queue(Context ctx) {
        QueueView view =
                QueueView.of(
                        services.table, services.queue, Visitor.of(ctx), services.studio.clock());
        Pages.show(ctx, view);
    }
}
