package dev.stanstudio.web.picture;

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
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/** Serves the gallery: pictures filtered, chosen, downloaded, deleted and restored. */
final class GalleryPages {
    private static final int PAGE = 60;
    private static final int MOST_CHOSEN = 5_000;

    private final PictureTable table;
    private final GalleryTable gallery;
    private final PictureFiles files;

    GalleryPages(StudioContext studio, PictureTable table, PictureFiles files) {
        this.table = table;
        this.gallery = new GalleryTable(studio.database());
        this.files = files;
    }

    void register(RoutesConfig routes) {
        routes.get("/gallery", this::show);
        routes.get("/gallery/more", this::more);
        routes.post("/gallery/delete", ctx -> delete(ctx, true));
        routes.post("/gallery/restore", ctx -> delete(ctx, false));
        routes.post("/gallery/zip", this::zip);
    }

    private static GalleryFilter filter(Context ctx) {
        String words = ctx.queryParam("q");
        return new GalleryFilter(
                ctx.queryParam("style"),
                ctx.queryParam("method"),
                words == null || words.isBlank() ? null : words.strip(),
                ctx.queryParam("star") != null);
    }

    private void show(Context ctx) {
        GalleryFilter filter = filter(ctx);
        GalleryView view =
                new GalleryView(
                        Frame.of(ctx, "Gallery"),
                        GalleryChips.of(gallery, filter),
                        gallery.count(filter),
                        tiles(filter, null));
        Pages.show(ctx, view);
    }

    private GalleryView.Tiles tiles(GalleryFilter filter, @Nullable StoredPicture after) {
        List<StoredPicture> pictures = gallery.page(filter, after, PAGE);
        if (pictures.size() < PAGE) {
            return new GalleryView.Tiles(pictures, null);
        }
        String last = pictures.get(pictures.size() - 1).id();
        return new GalleryView.Tiles(
                pictures, "/gallery/more?after=" + last + GalleryChips.query(filter, "&"));
    }

    private void more(Context ctx) {
        Optional<StoredPicture> after =
                Optional.ofNullable(ctx.queryParam("after")).flatMap(table::find);
        Pages.show(ctx, tiles(filter(ctx), after.orElse(null)));
    }

    private static List<String> chosen(Context ctx) {
        List<String> ids = ctx.formParams("id").stream().distinct().toList();
        if (ids.isEmpty()) {
            throw new PageException(400, "choose pictures first");
        }
        if (ids.size() > MOST_CHOSEN) {
            throw new PageException(400, "choose at most " + MOST_CHOSEN + " pictures at once");
        }
        return ids;
    }

    private void delete(Context ctx, boolean deleted) {
        List<String> ids = chosen(ctx);
        int changed = table.delete(ids, deleted);
        if (!Pages.partial(ctx)) {
            ctx.redirect("/gallery", HttpStatus.SEE_OTHER);
            return;
        }
        Pages.show(ctx, new GalleryView.Deleted(ids, changed, deleted));
    }

    private void zip(Context ctx) throws IOException {
        List<StoredPicture> pictures =
                chosen(ctx).stream()
                        .map(table::find)
                        .flatMap(Optional::stream)
                        .filter(picture -> picture.state().isDone())
                        .toList();
        ctx.contentType("application/zip")
                .header("Content-Disposition", "attachment; filename=\"pictures.zip\"")
                .header("Cache-Control", "no-store");
        // Pictures are compressed already; sending one after another bounds the memory.
        try (ZipOutputStream zip = new ZipOutputStream(ctx.outputStream())) {
            zip.setLevel(0);
            for (StoredPicture picture : pictures) {
                Path file = files.png(picture.id());
                if (Files.exists(file)) {
                    zip.putNextEntry(new ZipEntry(PicturePages.name(picture)));
                    Files.copy(file, zip);
                    zip.closeEntry();
                }
            }
        }
    }
}
