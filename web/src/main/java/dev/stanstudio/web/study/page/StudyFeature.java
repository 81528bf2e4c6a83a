package dev.stanstudio.web.study.page;

import dev.stanstudio.web.server.Feature;
import dev.stanstudio.web.server.NavigationEntry;
import dev.stanstudio.web.server.StudioContext;
import dev.stanstudio.web.study.store.StudyStore;
import dev.stanstudio.web.study.store.VoteWriter;
import dev.stanstudio.web.study.vote.VotePages;
import io.javalin.config.RoutesConfig;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Blind studies. */
public final class StudyFeature implements Feature {
    private static final int PLACE = 50;

    private @Nullable VoteWriter writer;

    @Override
    public Optional<NavigationEntry> navigation() {
        return Optional.of(new NavigationEntry(PLACE, "Studies", StudyPages.ROOT));
    }

    @Override
    public void open(StudioContext studio, RoutesConfig routes) {
        VoteWriter votes = new VoteWriter(studio.database());
        writer = votes;
        StudyStore store = new StudyStore(studio);
        new VotePages(studio, store, votes).register(routes);
        PickedPictures picked = new PickedPictures(studio);
        new StudyPages(store, picked).register(routes);
        new StudyApi(store, picked).register(routes);
    }

    @Override
    public void close() {
        if (writer != null) {
            writer.close();
        }
    }
}
