package dev.stanstudio.web.generate;

import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.pipeline.ImageInput;
import dev.stanstudio.sd3.pipeline.Seed;
import dev.stanstudio.web.matrix.Enlargement;
import dev.stanstudio.web.matrix.Method;
import dev.stanstudio.web.picture.Chosen;
import dev.stanstudio.web.picture.Matrix;
import dev.stanstudio.web.picture.MatrixRequest;
import dev.stanstudio.web.picture.StoredPicture;
import dev.stanstudio.web.server.PageException;
import dev.stanstudio.web.server.Pages;
import dev.stanstudio.web.server.Visitor;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Draws more like a finished picture: with other seeds, or again at twice its size. */
final class MoreLikeThis {
    private static final int SEEDS = 4;
    private static final int SCALE = 2;

    /** Adds detail and keeps what the picture shows. */
    private static final double STRENGTH = 0.35;

    private final GenerateServices services;
    private final MatrixRequests requests;

    MoreLikeThis(GenerateServices services) {
        this.services = services;
        this.requests = new MatrixRequests(services);
    }

    void register(RoutesConfig routes) {
        routes.get("/pictures/{id}/like", this::show);
        routes.post("/pictures/{id}/vary", this::vary);
        routes.post("/pictures/{id}/upscale", this::upscale);
    }

    private void show(Context ctx) {
        StoredPicture picture = picture(ctx);
        int width = picture.width() * SCALE;
        int height = picture.height() * SCALE;
        Pages.show(ctx, new LikeView(picture, SEEDS, width, height, refusal(picture)));
    }

    private StoredPicture picture(Context ctx) {
        return Chosen.drawn(services.table, ctx.pathParam("id"));
    }

    /** Returns why the model does not draw twice the size; empty if it does. */
    private String refusal(StoredPicture picture) {
        int most;
        try {
            most = services.models.limits(picture.model()).most();
        } catch (UserException e) {
            return Objects.requireNonNullElse(e.getMessage(), "its model is not here");
        }
        int side = Math.max(picture.width(), picture.height()) * SCALE;
        return side <= most
                ? ""
                : "%s draws at most %d pixels a side; twice this picture has %d"
                        .formatted(picture.model(), most, side);
    }

    private void vary(Context ctx) {
        StoredPicture picture = picture(ctx);
        GenerationRequest drawn = drawn(picture);
        List<Long> seeds =
                Stream.generate(Seed::random)
                        .filter(seed -> seed != picture.subject().seed())
                        .distinct()
                        .limit(SEEDS)
                        .toList();
        submit(ctx, request(picture, drawn, seeds, 1, drawn.image()));
    }

    private void upscale(Context ctx) {
        StoredPicture picture = picture(ctx);
        String refusal = refusal(picture);
        if (!refusal.isEmpty()) {
            throw new PageException(400, refusal);
        }
        ImageInput start = services.sources.input(picture.id()).withStrength(STRENGTH);
        List<Long> seeds = List.of(picture.subject().seed());
        submit(ctx, request(picture, drawn(picture), seeds, SCALE, start));
    }

    private GenerationRequest drawn(StoredPicture picture) {
        return services.table
                .request(picture.id())
                .orElseThrow(() -> PageException.missing("there is no such picture"));
    }

    /** Returns a matrix of the picture's settings, method and features included. */
    private MatrixRequest request(
            StoredPicture picture,
            GenerationRequest drawn,
            List<Long> seeds,
            int scale,
            @Nullable ImageInput start) {
        StoredPicture.Subject subject = picture.subject();
        MatrixRequest own = requests.of(drawn, picture.model()).request();
        boolean larger = scale > 1;
        MatrixRequest more =
                new MatrixRequest(
                        own.model(),
                        List.of(subject.prompt()),
                        List.of(subject.style()),
                        List.of(new Method(subject.method(), drawn.adapters(), drawn.features())),
                        seeds,
                        own.negative(),
                        larger ? picture.width() * scale : own.width(),
                        larger ? picture.height() * scale : own.height(),
                        own.sampling(),
                        start,
                        own.carried());
        return more.controlledBy(own.controls())
                .enlargedBy(larger ? Enlargement.NONE : own.enlarging())
                .in(own.syntax());
    }

    private void submit(Context ctx, MatrixRequest request) {
        Matrix matrix = services.submit(Visitor.of(ctx), request);
        ctx.redirect("/generate/" + matrix.id(), HttpStatus.SEE_OTHER);
    }
}
