package dev.stanstudio.web.picture;

import dev.stanstudio.web.server.Frame;
import dev.stanstudio.web.server.Pages;
import dev.stanstudio.web.server.StudioContext;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/** Serves the gallery: pictures filtered, chosen, downloaded, deleted and restored. */
final class GalleryPages {
    private static final int PAGE = 60;

    private final PictureTable table;
    private final GalleryTable gallery;
    private final MethodAdapters adapters;
    private final BoardTable boards;
    private final PictureFiles files;
    private final Bin bin;
    private final ReadScores scores;

    GalleryPages(StudioContext studio, PictureTable table, PictureFiles files) {
        this.table = table;
        this.gallery = new GalleryTable(studio.database());
        this.adapters = new MethodAdapters(table);
        this.boards = new BoardTable(studio.database(), studio.clock());
        this.files = files;
        this.bin = Bin.of(studio, table, files);
        this.scores = new ReadScores(studio);
    }

    void register(RoutesConfig routes) {
        routes.get("/gallery", this::show);
        routes.get("/gallery/more", this::more);
        routes.get("/gallery/ids", this::ids);
        routes.post("/gallery/present", this::present);
        routes.post("/gallery/delete", ctx -> delete(ctx, true));
        routes.post("/gallery/restore", ctx -> delete(ctx, false));
        routes.post("/gallery/zip", this::zip);
    }

    private void show(Context ctx) {
        scores.read();
        GalleryQuery query = GalleryQuery.of(ctx);
        List<Board> all = boards.all();
        String chosen = query.filter().board();
        boolean scored = gallery.scored();
        GalleryView view =
                new GalleryView(
                        Frame.of(ctx, "Gallery"),
                        query,
                        GalleryChips.of(gallery, adapters, all, query),
                        gallery.count(query.filter()),
                        tiles(query, null),
                        all.stream().filter(b -> b.id().equals(chosen)).findFirst().orElse(null),
                        all,
                        Arrays.stream(GalleryOrder.values())
                                .filter(order -> scored || order != GalleryOrder.SCORE)
                                .toList(),
                        gallery.binnedCount());
        Pages.show(ctx, view);
    }

    private GalleryView.Tiles tiles(GalleryQuery query, @Nullable String after) {
        List<StoredPicture> pictures = gallery.page(query, after, PAGE);
        if (pictures.size() < PAGE) {
            return new GalleryView.Tiles(pictures, null);
        }
        String last = pictures.get(pictures.size() - 1).id();
        return new GalleryView.Tiles(pictures, "/gallery/more?after=" + last + query.text("&"));
    }

    private void more(Context ctx) {
        Pages.show(ctx, tiles(GalleryQuery.of(ctx), ctx.queryParam("after")));
    }

    /** Answers with the ids of all pictures that pass the filter, at most those of one form. */
    private void ids(Context ctx) {
        ctx.header("Cache-Control", "no-store")
                .json(gallery.ids(GalleryQuery.of(ctx), Chosen.MOST));
    }

    /** Answers with those of the form's ids that the gallery still has. */
    private void present(Context ctx) {
        ctx.header("Cache-Control", "no-store")
                .json(Chosen.pictures(ctx, table).stream().map(StoredPicture::id).toList());
    }

    private void delete(Context ctx, boolean deleted) {
        List<String> ids = Chosen.ids(ctx);
        int changed = table.delete(ids, deleted);
        bin.sweep();
        if (!Pages.partial(ctx)) {
            ctx.redirect("/gallery", HttpStatus.SEE_OTHER);
            return;
        }
        Pages.show(ctx, new GalleryView.Deleted(ids, changed, deleted));
    }

    private void zip(Context ctx) throws IOException {
        List<StoredPicture> pictures = Chosen.pictures(ctx, table);
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
