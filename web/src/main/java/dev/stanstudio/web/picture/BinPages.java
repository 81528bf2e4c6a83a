package dev.stanstudio.web.picture;

import dev.stanstudio.web.server.Frame;
import dev.stanstudio.web.server.Pages;
import dev.stanstudio.web.server.StudioContext;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.util.List;

/** Serves the page of deleted pictures. */
final class BinPages {
    private static final int SHOWN = 500;

    private final PictureTable table;
    private final GalleryTable gallery;
    private final Bin bin;

    BinPages(StudioContext studio, PictureTable table, PictureFiles files) {
        this.table = table;
        this.gallery = new GalleryTable(studio.database());
        this.bin = Bin.of(studio, table, files);
    }

    void register(RoutesConfig routes) {
        routes.get("/gallery/bin", this::show);
        routes.post("/gallery/bin/restore", this::restore);
        routes.post("/gallery/bin/empty", this::empty);
    }

    private void show(Context ctx) {
        bin.sweep();
        List<GalleryView.Binned> pictures =
                gallery.binned(SHOWN).stream()
                        .map(picture -> new GalleryView.Binned(picture, bin.left(picture)))
                        .toList();
        Frame frame = Frame.of(ctx, "Bin");
        Pages.show(ctx, new GalleryView.BinPage(frame, pictures, gallery.binnedCount()));
    }

    private void restore(Context ctx) {
        table.delete(Chosen.ids(ctx), false);
        ctx.redirect("/gallery/bin", HttpStatus.SEE_OTHER);
    }

    private void empty(Context ctx) {
        bin.empty();
        ctx.redirect("/gallery/bin", HttpStatus.SEE_OTHER);
    }
}
