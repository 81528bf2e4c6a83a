package dev.stanstudio.web.generate;

import dev.stanstudio.web.queue.PictureQueue;
import dev.stanstudio.web.queue.Workers;
import dev.stanstudio.web.server.BodyLimit;
import dev.stanstudio.web.server.Feature;
import dev.stanstudio.web.server.NavigationEntry;
import dev.stanstudio.web.server.StudioContext;
import io.javalin.config.RoutesConfig;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Adds the page that asks for pictures, and the workers that draw them. */
public final class GenerateFeature implements Feature {
    private static final int PLACE = 10;

    private final Duration heartbeat;
    private @Nullable GenerateServices services;

    /** Creates the feature with the usual heartbeat. */
    public GenerateFeature() {
        this(Workers.HEARTBEAT);
    }

    /** Creates workers that count as dead after four times {@code heartbeat} of silence. */
    public GenerateFeature(Duration heartbeat) {
        this.heartbeat = heartbeat;
    }

    @Override
    public Optional<NavigationEntry> navigation() {
        return Optional.of(new NavigationEntry(PLACE, "Generate", "/generate"));
    }

    @Override
    public void open(StudioContext studio, RoutesConfig routes) {
        GenerateServices opened = new GenerateServices(studio, heartbeat);
        services = opened;
        // Before the pages, whose /generate/{matrix} would take its addresses.
        new Steering(opened).register(routes);
        new StartPages(opened).register(routes);
        new ControlPages(opened).register(routes);
        new PromptPages(opened).register(routes);
        new GeneratePages(opened).register(routes);
        new QueueActions(opened).register(routes);
        new MoreLikeThis(opened).register(routes);
        new MatrixApi(opened).register(routes);
        opened.open();
    }

    /** Allows masks, which are text in the form, and whole pictures whose settings are read. */
    @Override
    public Map<String, BodyLimit> bodyLimits() {
        return Map.of(
                "/generate", new BodyLimit(16L << 20, false),
                "/generate/start", new BodyLimit(BodyLimit.MOST, true),
                "/generate/control", new BodyLimit(BodyLimit.MOST, true),
                "/api/inputs", new BodyLimit(BodyLimit.MOST, true),
                "/generate/mask", new BodyLimit(BodyLimit.MOST, true),
                "/generate/recall", new BodyLimit(BodyLimit.MOST, true));
    }

    @Override
    public Map<String, Object> health() {
        GenerateServices open = services;
        if (open == null) {
            return Map.of();
        }
        PictureQueue.Depth depth = open.queue.depth();
        return Map.of(
                "queued", depth.queued(),
                "running", depth.running(),
                "paused", depth.paused(),
                "workers", open.studio.work().workers());
    }

    @Override
    public void stopping() {
        GenerateServices open = services;
        if (open != null) {
            open.broadcast.close();
        }
    }

    @Override
    public void close() {
        GenerateServices open = services;
        if (open != null) {
            services = null;
            open.close();
        }
    }
}
