package dev.stanstudio.web.adapters;

import dev.stanstudio.web.job.Jobs;
import dev.stanstudio.web.library.AdapterCatalog;
import dev.stanstudio.web.server.Feature;
import dev.stanstudio.web.server.NavigationEntry;
import dev.stanstudio.web.server.StudioContext;
import io.javalin.config.RoutesConfig;
import java.util.Optional;

/** The pages that list adapters and begin trainings. */
public final class AdaptersFeature implements Feature {
    private static final int PLACE = 30;

    @Override
    public Optional<NavigationEntry> navigation() {
        return Optional.of(new NavigationEntry(PLACE, "Adapters", "/adapters"));
    }

    @Override
    public void open(StudioContext studio, RoutesConfig routes) {
        AdapterCatalog catalog = new AdapterCatalog(studio.home());
        Jobs jobs = new Jobs(studio);
        new TrainPages(studio, catalog, jobs).register(routes);
        new AdapterPages(studio, catalog, jobs).register(routes);
    }

    @Override
    public void close() {}
}
