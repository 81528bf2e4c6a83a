package dev.stanstudio.web.generate;

import dev.stanstudio.sd3.model.ModelDefaults;
import dev.stanstudio.sd3.model.SizeLimits;
import dev.stanstudio.sd3.pipeline.ImageInput;
import dev.stanstudio.web.picture.InputPictures;
import dev.stanstudio.web.server.PageException;
import dev.stanstudio.web.server.Pages;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.UploadedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Serves the pictures that visitors bring to start from, and masks. */
final class StartPages {
    private static final String FOREVER = "private, max-age=31536000, immutable";

    private final GenerateServices services;
    private final InputPictures inputs;

    StartPages(GenerateServices services) {
        this.services = services;
        this.inputs = services.inputs;
    }

    void register(RoutesConfig routes) {
        routes.get("/generate/start", ctx -> show(ctx, new StartView.Choice(null, 0, 0)));
        routes.post("/generate/start", this::bring);
        routes.post("/generate/mask", this::bringMask);
        routes.get("/inputs/{hash}.png", ctx -> send(ctx, inputs.find(ctx.pathParam("hash"))));
        routes.get(
                "/inputs/{hash}/thumbnail.png",
                ctx -> send(ctx, inputs.thumbnail(ctx.pathParam("hash"))));
    }

    private static void show(Context ctx, StartView.Choice choice) {
        Pages.show(ctx, choice);
    }

    private static void send(Context ctx, Optional<Path> file) throws IOException {
        Path found = file.orElseThrow(() -> PageException.missing("there is no such picture"));
        ctx.contentType("image/png")
                .header("Cache-Control", FOREVER)
                .result(Files.newInputStream(found));
    }

    /** Stores a picture and answers with the part of the form that starts from it. */
    private void bring(Context ctx) {
        String hash =
                services.sources.uploaded(
                        file(ctx, "a picture to start from").content(), inputs::add);
        ImageInput input = services.sources.input(hash);
        StartView picture = services.sources.view(input).orElseThrow();
        String model = Objects.requireNonNullElse(ctx.formParam("model"), "");
        show(ctx, choice(picture, model.isEmpty() ? services.models.defaultModel() : model));
    }

    private StartView.Choice choice(StartView picture, String model) {
        ModelDefaults defaults = services.models.defaults(model);
        long area = (long) defaults.width() * defaults.height();
        SizeLimits.Size size =
                services.models.limits(model).like(picture.width(), picture.height(), area);
        return new StartView.Choice(picture, size.width(), size.height());
    }

    /** Stores a mask for the picture in the field {@code image}. */
    private void bringMask(Context ctx) {
        String image = Objects.requireNonNullElse(ctx.formParam("image"), "");
        String hash = services.sources.addMask(image, file(ctx, "a mask").content());
        ctx.json(Map.of("mask", hash, "address", "/inputs/" + hash + ".png"));
    }

    private static UploadedFile file(Context ctx, String what) {
        UploadedFile upload = ctx.uploadedFile("picture");
        if (upload == null) {
            throw new PageException(400, "choose " + what);
        }
        return upload;
    }
}
