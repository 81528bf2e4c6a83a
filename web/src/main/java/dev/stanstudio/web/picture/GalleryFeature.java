package dev.stanstudio.web.picture;

import dev.stanstudio.web.server.Feature;
import dev.stanstudio.web.server.NavigationEntry;
import dev.stanstudio.web.server.StudioContext;
import io.javalin.config.RoutesConfig;
import java.util.Optional;

/** Adds the gallery of finished pictures: shown, compared, starred, downloaded, deleted. */
public final class GalleryFeature implements Feature {
    private static final int PLACE = 20;

    @Override
    public Optional<NavigationEntry> navigation() {
        return Optional.of(new NavigationEntry(PLACE, "Gallery", "/gallery"));
    }

    @Override
    public void open(StudioContext studio, RoutesConfig routes) {
        PictureTable table = new PictureTable(studio.database(), studio.clock());
        PictureFiles files = new PictureFiles(studio.home());
        Bin.of(studio, table, files).sweep();
        new PicturePages(studio, table, files).register(routes);
        new ComparePages(table).register(routes);
        new GalleryPages(studio, table, files).register(routes);
        new BinPages(studio, table, files).register(routes);
        new BoardPages(studio).register(routes);
    }

    @Override
    public void close() {}
}
