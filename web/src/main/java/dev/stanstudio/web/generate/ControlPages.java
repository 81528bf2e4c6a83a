package dev.stanstudio.web.generate;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.image.PictureHeader;
import dev.stanstudio.base.image.PngFile;
import dev.stanstudio.sd3.pipeline.ImageInput;
import dev.stanstudio.sd3.pipeline.Preprocessor;
import dev.stanstudio.web.picture.InputPictures;
import dev.stanstudio.web.picture.MatrixRequest;
import dev.stanstudio.web.server.FormValues;
import dev.stanstudio.web.server.HeavyWork;
import dev.stanstudio.web.server.PageException;
import dev.stanstudio.web.server.Pages;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.javalin.http.UploadedFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Serves control pictures to the form, and to programs with the networks that there are. */
final class ControlPages {
    /** Address of the preprocessed picture. */
    static final String PREVIEW = "/api/controls/preview";

    private static final String AN_HOUR = "private, max-age=3600";

    private final GenerateServices services;
    private final HeavyWork preparing = new HeavyWork();

    ControlPages(GenerateServices services) {
        this.services = services;
    }

    void register(RoutesConfig routes) {
        routes.post("/generate/control", this::bring);
        routes.post("/api/inputs", this::store);
        routes.get("/api/controls", this::networks);
        routes.get("/api/ip-adapters", this::ipAdapters);
        routes.get(PREVIEW, this::preview);
    }

    /** Stores a picture and answers with the part of the form that controls by it. */
    private void bring(Context ctx) {
        FormValues form = FormValues.of(ctx);
        String hash = stored(ctx, "a control picture");
        int n = form.integer("n");
        if (n < 1 || n > MatrixRequest.MOST_CONTROLS) {
            throw new ArgumentException(
                    "a matrix takes at most %d control pictures; remove one"
                            .formatted(MatrixRequest.MOST_CONTROLS));
        }
        int width = size(form, "width");
        Pages.show(ctx, services.controls.view(n, hash, width, size(form, "height")));
    }

    private String stored(Context ctx, String what) {
        UploadedFile upload = ctx.uploadedFile("picture");
        if (upload == null) {
            throw new PageException(400, "choose " + what);
        }
        return services.sources.uploaded(upload.content(), services.inputs::add);
    }

    /** Stores a picture for programs, which name it in orders. */
    private void store(Context ctx) {
        String hash = stored(ctx, "a file in the field picture");
        ImageInput input = services.sources.input(hash);
        PictureHeader header = PictureHeader.of(Path.of(input.path()));
        ctx.status(HttpStatus.CREATED)
                .json(
                        Map.of(
                                "picture", hash,
                                "width", header.width(),
                                "height", header.height()));
    }

    private void networks(Context ctx) {
        List<Map<String, String>> networks =
                services.controls.networks().stream().map(name -> Map.of("name", name)).toList();
        ctx.json(networks);
    }

    private void ipAdapters(Context ctx) {
        ctx.json(services.ipAdapters.names().stream().map(name -> Map.of("name", name)).toList());
    }

    /** Sends a picture as a network sees it. */
    private void preview(Context ctx) {
        FormValues query = FormValues.ofQuery(ctx);
        ImageInput input = services.sources.input(query.text("picture"));
        Preprocessor preprocessor = Preprocessor.parse(query.value("preprocessor", "none"));
        int width = size(query, "width");
        int height = size(query, "height");
        byte[] png =
                preparing.run(
                        () ->
                                PngFile.bytes(
                                        preprocessor.prepare(Path.of(input.path()), width, height),
                                        List.of()));
        ctx.contentType("image/png").header("Cache-Control", AN_HOUR).result(png);
    }

    private static int size(FormValues values, String name) {
        int size = values.integer(name);
        if (size < 1 || size > InputPictures.MOST_SIDE) {
            throw new ArgumentException(
                    "%s must be 1 … %d, not %d".formatted(name, InputPictures.MOST_SIDE, size));
        }
        return size;
    }
}
