package dev.stanstudio.web.server;

import dev.stanstudio.web.database.Database;
import dev.stanstudio.web.home.StudioHome;
import dev.stanstudio.web.work.WorkSettings;
import java.time.Clock;

/** What every feature may use. */
public record Studio(StudioHome home, Database database, Clock clock, WorkSettings work) {
    /** A studio that works as the settings' defaults say. */
    public Studio(StudioHome home, Database database, Clock clock) {
        this(home, database, clock, WorkSettings.defaults());
    }
}
