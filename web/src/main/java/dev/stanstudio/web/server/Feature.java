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
    /** Returns its entry in the navigation bar; empty for features without one. */
    Optional<NavigationEntry> navigation();

    /**
     * Adds the routes. A route without a role is private and requires the password, if there is
     * one; {@link Audience#EVERYONE} makes a route public. Handlers throw {@link PageException} or
     * {@link dev.stanstudio.base.UserException}, whose line is shown to the visitor.
     */
    void open(StudioContext studio, RoutesConfig routes);

    /** By path, what its routes take that is more than usual. */
    default Map<String, BodyLimit> bodyLimits() {
        return Map.of();
    }

    /** Returns its values in the JSON of {@code /health}, by name. */
    default Map<String, Object> health() {
        return Map.of();
    }

    /** Ends endless answers; the server stops once all answers are sent. */
    default void stopping() {}

    /** Closes what {@link #open} opened, after the last request. */
    @Override
    void close();
}
