package dev.stanstudio.web.server;

import dev.stanstudio.web.home.Database;
import dev.stanstudio.web.home.StudioHome;
import dev.stanstudio.web.home.WorkSettings;
import java.time.Clock;

/** The services that every feature may use. */
public record StudioContext(StudioHome home, Database database, Clock clock, WorkSettings work) {
    /** A studio that works as the settings' defaults say. */
    public StudioContext(StudioHome home, Database database, Clock clock) {
        this(home, database, clock, WorkSettings.defaults());
    }
}
