package dev.stanstudio.web.generate;

import dev.stanstudio.sd3.pipeline.ImageInput;
import dev.stanstudio.sd3.pipeline.IpAdapterInput;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Serves the page Generate: its form, matrix and queue, and the stream of events. */
final class GeneratePages {
    private static final int RECENT = 12;
    private static final String NOISE = "noise";

    private final GenerateServices services;
    private final MatrixRequests requests;

    GeneratePages(GenerateServices services) {
        this.services = services;
        this.requests = new MatrixRequests(services);
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
            show(ctx, newest, form(from, Objects.requireNonNullElse(ctx.queryParam("start"), "")));
        } else if (newest != null) {
            show(ctx, newest, form(ctx, newest));
        } else {
            show(ctx, null, form(MatrixRequests.welcome(services.models), List.of()));
        }
    }

    /**
     * Returns the form with the settings of a picture.
     *
     * @param start {@value #NOISE}, anything else to start from the picture itself, or empty to
     *     start from what it started from
     */
    private FormView form(String picture, String start) {
        String model = services.picture(picture).model();
        MatrixRequests.Recalled recalled =
                requests.of(services.table.request(picture).orElseThrow(), model);
        MatrixRequest request = recalled.request();
        MatrixRequest wanted =
                start.isEmpty()
                        ? request
                        : request.startingFrom(
                                start.equals(NOISE) ? null : services.sources.input(picture));
        return form(wanted, recalled.notes());
    }

    /**
     * Returns the form with the settings of a matrix, and notes on what of it is gone; {@code
     * ?start=noise} leaves its picture.
     */
    private FormView form(Context ctx, Matrix matrix) {
        MatrixRequest request = matrix.request();
        boolean noise = NOISE.equals(ctx.queryParam("start"));
        return form(noise ? request.startingFrom(null) : request, requests.missing(request));
    }

    private FormView form(MatrixRequest request, List<String> notes) {
        ControlView.All controls = controls(request);
        List<ModelChoice> models =
                services.models.names().stream()
                        .filter(name -> !controls.networks().contains(name))
                        .map(name -> ModelChoice.of(name, services.models))
                        .toList();
        StartView start = start(request);
        List<String> all = new ArrayList<>(notes);
        if (start == null && request.image() != null) {
            all.add("The picture that it started from is gone; noise is drawn instead.");
        }
        if (controls.controls().size() < request.controls().size()) {
            all.add("A control picture is gone; choose it again.");
        }
        IpAdapterView ipAdapter = services.ipAdapters.view(request);
        IpAdapterInput wanted = request.ipAdapter();
        if (wanted != null && ipAdapter.pictures().size() < wanted.pictures().size()) {
            all.add("A picture for the IP-Adapter is gone; choose it again.");
        }
        return FormView.of(request, services.catalog, models, start, controls, ipAdapter, all);
    }

    private ControlView.All controls(MatrixRequest request) {
        return new ControlView.All(
                services.controls.views(request),
                services.controls.networks(),
                services.controls.folders(),
                MatrixRequest.MOST_CONTROLS);
    }

    private @Nullable StartView start(MatrixRequest request) {
        ImageInput image = request.image();
        return image == null ? null : services.sources.view(image).orElse(null);
    }

    private void matrix(Context ctx) {
        Matrix matrix = services.matrix(ctx.pathParam("matrix"));
        show(ctx, matrix, form(ctx, matrix));
    }

    private void show(Context ctx, @Nullable Matrix matrix, FormView form) {
        GenerateView view =
                new GenerateView(
                        Frame.of(ctx, "Generate"),
                        form,
                        services.queue.depth(),
                        recent(matrix == null ? "" : matrix.id(), false),
                        matrix == null ? null : view(matrix));
        Pages.show(ctx, view);
    }

    private MatrixView view(Matrix matrix) {
        return MatrixView.of(
                matrix,
                services.table.ofMatrix(matrix.id()),
                start(matrix.request()),
                services.controls.views(matrix.request()),
                services.ipAdapters.view(matrix.request()));
    }

    private RecentView recent(String shown, boolean swapped) {
        return new RecentView(services.table.newest(RECENT), shown, swapped);
    }

    private void table(Context ctx) {
        Matrix matrix = services.matrix(ctx.pathParam("matrix"));
        RecentView recent = recent(matrix.id(), true);
        Pages.show(ctx, new RecentView.Ordered(view(matrix), recent));
    }

    private void submit(Context ctx) {
        MatrixRequest request = MatrixForm.of(ctx, services).read();
        Matrix matrix = services.submit(Visitor.of(ctx), request);
        String address = "/generate/" + matrix.id();
        if (Pages.partial(ctx)) {
            ctx.header("HX-Push-Url", address);
            RecentView recent = recent(matrix.id(), true);
            Pages.show(ctx, new RecentView.Ordered(view(matrix), recent));
        } else {
            ctx.redirect(address, HttpStatus.SEE_OTHER);
        }
    }

    private void recall(Context ctx) {
        UploadedFile upload = ctx.uploadedFile("picture");
        if (upload == null) {
            throw new PageException(
                    400,
                    "drop a picture that this program, or one such as ComfyUI or A1111, wrote");
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
