package dev.stanstudio.web.picture;

import dev.stanstudio.web.server.Feature;
import dev.stanstudio.web.server.NavigationEntry;
import dev.stanstudio.web.server.StudioContext;
import io.javalin.config.RoutesConfig;
import java.time.Duration;
import java.util.Optional;

/** Adds the gallery of finished pictures: shown, compared, starred, downloaded, deleted. */
public final class GalleryFeature implements Feature {
    private static final int PLACE = 20;

    /** Time during which a deletion can be undone. */
    private static final Duration KEPT = Duration.ofDays(7);

    @Override
    public Optional<NavigationEntry> navigation() {
        return Optional.of(new NavigationEntry(PLACE, "Gallery", "/gallery"));
    }

    @Override
    public void open(StudioContext studio, RoutesConfig routes) {
        PictureTable table = new PictureTable(studio.database(), studio.clock());
        PictureFiles files = new PictureFiles(studio.home());
        forgetDeleted(studio, table, files);
        new PicturePages(studio, table, files).register(routes);
        new GalleryPages(studio, table, files).register(routes);
    }

    private static void forgetDeleted(
            StudioContext studio, PictureTable table, PictureFiles files) {
        long before = studio.clock().millis() - KEPT.toMillis();
        for (String id : table.deletedBefore(before)) {
            files.delete(id);
            table.forget(id);
        }
    }

    @Override
    public void close() {}
}
