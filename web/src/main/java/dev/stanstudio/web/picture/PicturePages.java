package dev.stanstudio.web.picture;

import dev.stanstudio.sd3.metadata.Provenance;
import dev.stanstudio.sd3.metadata.Recall;
import dev.stanstudio.web.server.Frame;
import dev.stanstudio.web.server.PageException;
import dev.stanstudio.web.server.Pages;
import dev.stanstudio.web.server.StudioContext;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** One picture: its files, its page, its star; and two of them beside each other. */
final class PicturePages {
    private static final String FOREVER = "private, max-age=31536000, immutable";

    private final PictureTable table;
    private final GalleryTable gallery;
    private final PictureFiles files;

    PicturePages(StudioContext studio, PictureTable table, PictureFiles files) {
        this.table = table;
        this.gallery = new GalleryTable(studio.database());
        this.files = files;
    }

    void register(RoutesConfig routes) {
        routes.get("/pictures/{id}/thumbnail.png", ctx -> send(ctx, true));
        routes.get("/pictures/{id}.png", ctx -> send(ctx, false));
        routes.get("/pictures/{id}", this::show);
        routes.post("/pictures/{id}/star", this::star);
        routes.get("/compare", this::compare);
    }

    /** A finished picture never changes, but it may be drawn again after a failure. */
    private void send(Context ctx, boolean thumbnail) throws IOException {
        StoredPicture picture = done(ctx.pathParam("id"));
        Path file = thumbnail ? files.thumbnail(picture.id()) : files.png(picture.id());
        if (!Files.exists(file)) {
            throw PageException.missing("the file of this picture is gone");
        }
        if (ctx.queryParam("save") != null) {
            ctx.header("Content-Disposition", "attachment; filename=\"" + name(picture) + "\"");
        }
        ctx.contentType("image/png")
                .header("Cache-Control", FOREVER)
                .result(Files.newInputStream(file));
    }

    private StoredPicture done(String id) {
        StoredPicture picture = table.get(id);
        if (picture.state() != PictureState.DONE) {
            throw PageException.missing("this picture is not drawn yet");
        }
        return picture;
    }

    static String name(StoredPicture picture) {
        String words =
                (picture.subject().prompt() + " " + picture.subject().style())
                        .replaceAll("[^A-Za-z0-9]+", "-")
                        .replaceAll("^-|-$", "");
        String brief = words.length() > 60 ? words.substring(0, 60) : words;
        return brief + "-" + picture.subject().seed() + "-" + picture.id().substring(0, 8) + ".png";
    }

    private void show(Context ctx) {
        StoredPicture picture = done(ctx.pathParam("id"));
        Map<String, Object> model = new HashMap<>();
        model.put("frame", Frame.of(ctx, picture.subject().prompt()));
        model.put("picture", picture);
        provenance(picture).ifPresent(found -> model.put("provenance", found));
        gallery.neighbour(picture, false).ifPresent(p -> model.put("newer", p.id()));
        gallery.neighbour(picture, true).ifPresent(p -> model.put("older", p.id()));
        Pages.show(ctx, "gallery/picture.jte", model);
    }

    private Optional<Provenance> provenance(StoredPicture picture) {
        Path file = files.png(picture.id());
        return Files.exists(file) ? Recall.own(file) : Optional.empty();
    }

    private void star(Context ctx) {
        StoredPicture picture = table.get(ctx.pathParam("id"));
        table.star(picture.id(), !picture.starred());
        if (Pages.partial(ctx)) {
            Pages.show(ctx, "gallery/star.jte", Map.of("picture", table.get(picture.id())));
        } else {
            ctx.redirect("/pictures/" + picture.id(), HttpStatus.SEE_OTHER);
        }
    }

    private void compare(Context ctx) {
        String left = Objects.requireNonNullElse(ctx.queryParam("a"), "");
        String right = Objects.requireNonNullElse(ctx.queryParam("b"), "");
        Pages.show(
                ctx,
                "gallery/compare.jte",
                Map.of(
                        "frame", Frame.of(ctx, "Compare"),
                        "left", done(left),
                        "right", done(right)));
    }
}
