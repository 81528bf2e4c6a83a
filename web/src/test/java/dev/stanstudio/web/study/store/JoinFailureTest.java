package dev.stanstudio.web.study.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.web.home.Database;
import dev.stanstudio.web.testing.Requests;
import dev.stanstudio.web.testing.SetClock;
import dev.stanstudio.web.testing.TestDatabase;
import dev.stanstudio.web.testing.TestStudio;
import dev.stanstudio.web.testing.Voter;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests that a violated key alone counts as another rater who was faster. */
class JoinFailureTest {
    private static final int RATERS = 200;

    @TempDir Path folder;

    private TestStudio open(String url) {
        return new TestStudio(folder, url, new SetClock(), "");
    }

    private String study(String url) throws IOException {
        try (TestStudio studio = open(url)) {
            return studio.study(
                            Requests.boats()
                                    .votes(500)
                                    .trials(5)
                                    .raters(RATERS)
                                    .admission(Requests.EVERYBODY),
                            4)
                    .id();
        }
    }

    private static Newcomer newcomer(int number) {
        return new Newcomer("token " + number, "browser", "10.0.0.1", "", "");
    }

    private static UnableToExecuteStatementException failure(TestStudio studio, Study study) {
        return assertThrows(
                UnableToExecuteStatementException.class,
                () -> {
                    for (int i = 0; i < RATERS; i++) {
                        studio.store.join(study, newcomer(i));
                    }
                });
    }

    private static void assertSays(String word, Throwable failure) {
        String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        assertTrue(message.contains(word), message);
        assertFalse(UniqueKeys.violated(failure));
    }

    private static void execute(String url, String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @Test
    void aFullDiskUnderSqliteIsReportedAsSuch() throws IOException {
        String url = TestDatabase.SQLITE.newUrl(folder);
        String id = study(url);
        // The database may not grow beyond the pages that it has.
        try (TestStudio studio = open(url + "?max_page_count=1")) {
            Study study = studio.store.byId(id);
            UnableToExecuteStatementException failure = failure(studio, study);
            assertSays("full", failure);
            assertTrue(Database.away(failure));
            HttpResponse<String> page = new Voter(studio, study).join();
            assertEquals(503, page.statusCode(), page.body());
            assertTrue(page.body().contains("the database is away"), page.body());
        }
    }

    @Test
    void aLockedDatabaseUnderSqliteIsReportedAsSuch() throws IOException, SQLException {
        String url = TestDatabase.SQLITE.newUrl(folder);
        String id = study(url);
        try (TestStudio studio = open(url + "?busy_timeout=20");
                Connection other = DriverManager.getConnection(url);
                Statement statement = other.createStatement()) {
            Study study = studio.store.byId(id);
            statement.execute("BEGIN IMMEDIATE");
            RuntimeException failure =
                    assertThrows(
                            RuntimeException.class, () -> studio.store.join(study, newcomer(0)));
            assertTrue(Database.away(failure), String.valueOf(failure));
            assertFalse(UniqueKeys.violated(failure));
            statement.execute("ROLLBACK");
            assertEquals(0, studio.store.join(study, newcomer(0)).slot());
        }
    }

    @Test
    void aFullDiskUnderPostgresqlIsReportedAsSuch() throws IOException, SQLException {
        String url = TestDatabase.POSTGRESQL.newUrl(folder);
        String id = study(url);
        refuseRaters(url, "disk_full", "could not extend file: no space left on device");
        try (TestStudio studio = open(url)) {
            UnableToExecuteStatementException failure = failure(studio, studio.store.byId(id));
            assertSays("no space left", failure);
            assertTrue(Database.away(failure));
        }
    }

    @Test
    void aLockUnderPostgresqlIsReportedAsSuch() throws IOException, SQLException {
        String url = TestDatabase.POSTGRESQL.newUrl(folder);
        String id = study(url);
        try (TestStudio studio = open(url + "&options=-c%20lock_timeout=20ms");
                Connection other = DriverManager.getConnection(url);
                Statement statement = other.createStatement()) {
            Study study = studio.store.byId(id);
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE rater IN EXCLUSIVE MODE");
            assertSays("lock timeout", failure(studio, study));
            other.rollback();
            assertEquals(0, studio.store.join(study, newcomer(0)).slot());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRowThatAlwaysGoesToAnotherIsContended(TestDatabase database)
            throws IOException, SQLException {
        String url = database.newUrl(folder);
        String id = study(url);
        if (database == TestDatabase.SQLITE) {
            execute(
                    url,
                    """
                    CREATE TRIGGER faster BEFORE INSERT ON rater BEGIN
                        INSERT INTO rater (id, study_id, slot, token_hash, device_hash, joined_at)
                        VALUES ('other', new.study_id, new.slot, 'other', '', 0);
                    END
                    """);
        } else {
            refuseRaters(url, "unique_violation", "another row has the same key");
        }
        try (TestStudio studio = open(url)) {
            Study study = studio.store.byId(id);
            JoinRefusedException refusal =
                    assertThrows(
                            JoinRefusedException.class,
                            () -> studio.store.join(study, newcomer(0)));
            assertEquals(JoinRefusedException.Reason.CONTENDED, refusal.reason());
            HttpResponse<String> page = new Voter(studio, study).join();
            assertEquals(503, page.statusCode(), page.body());
            assertTrue(page.body().contains("too many people are joining"), page.body());
        }
    }

    private static void refuseRaters(String url, String condition, String message)
            throws SQLException {
        execute(
                url,
                """
                CREATE FUNCTION refuse() RETURNS trigger AS $$
                BEGIN
                    RAISE EXCEPTION '%s' USING ERRCODE = '%s';
                END
                $$ LANGUAGE plpgsql
                """
                        .formatted(message, condition),
                """
                CREATE TRIGGER refused BEFORE INSERT ON rater
                FOR EACH ROW EXECUTE FUNCTION refuse()
                """);
    }
}
