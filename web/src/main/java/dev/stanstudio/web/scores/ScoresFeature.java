package dev.stanstudio.web.scores;

import dev.stanstudio.web.server.Feature;
import dev.stanstudio.web.server.NavigationEntry;
import dev.stanstudio.web.server.StudioContext;
import io.javalin.config.RoutesConfig;
import java.util.Optional;

/** The pages that begin scorings and show their results. */
public final class ScoresFeature implements Feature {
    private static final int PLACE = 40;

    @Override
    public Optional<NavigationEntry> navigation() {
        return Optional.of(new NavigationEntry(PLACE, "Scores", ScorePages.ROOT));
    }

    @Override
    public void open(StudioContext studio, RoutesConfig routes) {
        new ScorePages(studio).register(routes);
        new ScoreApi(studio).register(routes);
    }

    @Override
    public void close() {}
}
