package dev.stanstudio.web.server;

import dev.stanstudio.web.database.Database;
import dev.stanstudio.web.home.StudioHome;
import java.time.Clock;

/** What every feature may use. */
public record Studio(StudioHome home, Database database, Clock clock) {}
