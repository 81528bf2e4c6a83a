package dev.stanstudio.web.server;

import io.javalin.config.RoutesConfig;
import java.util.Map;
import java.util.Optional;

/**
 * A part of the studio with pages of its own: a public class with a public no-argument constructor
 * that does nothing, named in {@code META-INF/services/dev.stanstudio.web.server.Feature}. The
 * server opens every feature it finds there and closes them when it stops.
 */
public interface Feature extends AutoCloseable {
    /** Its place in the bar at the top of every page; empty for pages without one. */
    Optional<NavigationEntry> navigation();

    /**
     * Adds the routes. A route without a role is the studio's own and asks for the password where
     * there is one; {@link Audience#EVERYONE} opens a route to whoever knows its address. Handlers
     * throw {@link PageException} or {@link dev.stanstudio.base.UserException}; the visitor gets a
     * page with the one line.
     */
    void open(StudioContext studio, RoutesConfig routes);

    /** By path, what its routes take that is more than usual. */
    default Map<String, BodyLimit> bodyLimits() {
        return Map.of();
    }

    /** What {@code /health} says about it, as JSON values by name. */
    default Map<String, Object> health() {
        return Map.of();
    }

    /** Ends answers that would go on for ever; the server stops once all answers are given. */
    default void stopping() {}

    /** Ends what {@link #open} began; called once no request runs any more. */
    @Override
    void close();
}
