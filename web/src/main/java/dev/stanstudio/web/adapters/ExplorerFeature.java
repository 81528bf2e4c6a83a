package dev.stanstudio.web.adapters;

import dev.stanstudio.web.server.Feature;
import dev.stanstudio.web.server.NavigationEntry;
import dev.stanstudio.web.server.StudioContext;
import io.javalin.config.RoutesConfig;
import java.util.Optional;

/** The pages that explain an adapter's features. */
public final class ExplorerFeature implements Feature {
    @Override
    public Optional<NavigationEntry> navigation() {
        return Optional.empty();
    }

    @Override
    public void open(StudioContext studio, RoutesConfig routes) {
        new ExplorerPages(studio).register(routes);
    }

    @Override
    public void close() {}
}
