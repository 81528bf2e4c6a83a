package dev.stanstudio.web.picture;

import dev.stanstudio.sd3.metadata.Provenance;
import dev.stanstudio.sd3.metadata.Recall;
import dev.stanstudio.web.matrix.CellNames;
import dev.stanstudio.web.server.FormValues;
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
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Serves single pictures: files, page, star and note; deletes and restores them. */
final class PicturePages {
    private static final String FOREVER = "private, max-age=31536000, immutable";
    private static final int LONGEST_NOTE = 2_000;

    private final PictureTable table;
    private final GalleryTable gallery;
    private final BoardTable boards;
    private final PictureFiles files;
    private final Bin bin;

    PicturePages(StudioContext studio, PictureTable table, PictureFiles files) {
        this.table = table;
        this.gallery = new GalleryTable(studio.database());
        this.boards = new BoardTable(studio.database(), studio.clock());
        this.files = files;
        this.bin = Bin.of(studio, table, files);
    }

    void register(RoutesConfig routes) {
        routes.get("/pictures/{id}/thumbnail.png", ctx -> send(ctx, true));
        routes.get("/pictures/{id}.png", ctx -> send(ctx, false));
        routes.get("/pictures/{id}", this::show);
        routes.post("/pictures/{id}/star", this::star);
        routes.post("/pictures/{id}/note", this::note);
        routes.post("/pictures/{id}/delete", ctx -> delete(ctx, true));
        routes.post("/pictures/{id}/restore", ctx -> delete(ctx, false));
    }

    /** Sends a picture's file, which caches may keep: a finished picture never changes. */
    private void send(Context ctx, boolean thumbnail) throws IOException {
        StoredPicture picture = Chosen.drawn(table, ctx.pathParam("id"));
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

    private StoredPicture find(String id) {
        return table.find(id).orElseThrow(() -> PageException.missing("there is no such picture"));
    }

    static String name(StoredPicture picture) {
        StoredPicture.Subject subject = picture.subject();
        return CellNames.download(subject.prompt(), subject.style(), subject.seed(), picture.id());
    }

    private void show(Context ctx) {
        StoredPicture picture = Chosen.drawn(table, ctx.pathParam("id"));
        PictureView view =
                new PictureView(
                        Frame.of(ctx, picture.subject().prompt()),
                        picture,
                        provenance(picture).orElse(null),
                        neighbour(picture, false),
                        neighbour(picture, true),
                        boards.holding(picture.id()),
                        bin.left(picture));
        Pages.show(ctx, view);
    }

    private @Nullable String neighbour(StoredPicture picture, boolean older) {
        return gallery.neighbour(picture, older).map(StoredPicture::id).orElse(null);
    }

    private Optional<Provenance> provenance(StoredPicture picture) {
        Path file = files.png(picture.id());
        return Files.exists(file) ? Recall.own(file) : Optional.empty();
    }

    private void star(Context ctx) {
        StoredPicture picture = find(ctx.pathParam("id"));
        table.star(picture.id(), !picture.starred());
        if (Pages.partial(ctx)) {
            Pages.show(ctx, new PictureView.Star(find(picture.id())));
        } else {
            ctx.redirect("/pictures/" + picture.id(), HttpStatus.SEE_OTHER);
        }
    }

    private void note(Context ctx) {
        StoredPicture picture = find(ctx.pathParam("id"));
        String note = FormValues.of(ctx).text("note");
        if (note.length() > LONGEST_NOTE) {
            throw new PageException(
                    400,
                    "a note has at most %d characters, not %d"
                            .formatted(LONGEST_NOTE, note.length()));
        }
        table.note(picture.id(), note);
        if (Pages.partial(ctx)) {
            Pages.show(ctx, new PictureView.Note(find(picture.id()), true));
        } else {
            ctx.redirect("/pictures/" + picture.id(), HttpStatus.SEE_OTHER);
        }
    }

    /** Deletes or restores one picture; a page's part needs no answer, since events tell it. */
    private void delete(Context ctx, boolean deleted) {
        StoredPicture picture = find(ctx.pathParam("id"));
        table.delete(List.of(picture.id()), deleted);
        if (Pages.partial(ctx)) {
            ctx.status(HttpStatus.NO_CONTENT);
        } else {
            ctx.redirect("/pictures/" + picture.id(), HttpStatus.SEE_OTHER);
        }
    }
}
