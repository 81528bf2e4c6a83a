package dev.stanstudio.web.testing;

import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** The databases that tests run on. */
public enum TestDatabase {
    SQLITE,
    POSTGRESQL;

    /**
     * The URL of a new, empty database; a test is skipped, with the reason, where there is none.
     */
    public String newUrl(Path folder) {
        if (this == SQLITE) {
            return "jdbc:sqlite:" + folder.resolve("studio.db");
        }
        if (!PostgresServer.available()) {
            System.out.println("skipped: " + PostgresServer.missing());
        }
        Assumptions.assumeTrue(PostgresServer.available(), PostgresServer::missing);
        return PostgresServer.newDatabase();
    }
}
