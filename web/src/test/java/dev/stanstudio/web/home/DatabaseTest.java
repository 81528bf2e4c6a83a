package dev.stanstudio.web.home;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.UserException;
import dev.stanstudio.web.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DatabaseTest {
    @TempDir Path folder;

    private String refusal(String url) {
        UserException e =
                assertThrows(
                        UserException.class,
                        () -> Database.open(url, folder.resolve("own.db")).close());
        String message = String.valueOf(e.getMessage());
        assertEquals(1, message.lines().count(), message);
        return message;
    }

    @ParameterizedTest
    @EnumSource
    void bothDatabasesGetEveryTableFromTheSameMigrations(TestDatabase kind) {
        String url = kind.newUrl(folder);
        Database.open(url, folder).close();
        try (Database again = Database.open(url, folder)) {
            for (String table :
                    List.of("study", "rater", "vote", "picture", "turn", "scheduled_tasks")) {
                int rows =
                        again.jdbi()
                                .withHandle(
                                        h ->
                                                h.createQuery("SELECT COUNT(*) FROM " + table)
                                                        .mapTo(Integer.class)
                                                        .one());
                assertEquals(0, rows, table);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aNewerProgramsDatabaseIsLeftAlone(TestDatabase kind) {
        String url = kind.newUrl(folder);
        try (Database database = Database.open(url, folder)) {
            database.jdbi()
                    .useHandle(
                            h ->
                                    h.execute(
                                            "INSERT INTO schema_history (installed_rank, version,"
                                                + " description, type, script, installed_by,"
                                                + " execution_time, success) VALUES (99, '9999',"
                                                + " 'later', 'SQL', 'V9999__later.sql', 'x', 1, ?)",
                                            true));
        }
        String message = refusal(url);
        assertTrue(message.contains("newer version of the program (schema 9999)"), message);
        assertTrue(message.contains("--db"), message);
    }

    @Test
    void aLockedFileSaysSo() throws SQLException {
        Path file = folder.resolve("studio.db");
        String url = "jdbc:sqlite:" + file;
        // Before the first migration, since later ones would only read.
        try (Connection other = DriverManager.getConnection(url);
                Statement statement = other.createStatement()) {
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("CREATE TABLE x (y INTEGER)");
            statement.execute("BEGIN IMMEDIATE");
            String message = refusal(url);
            assertTrue(message.contains("is locked by another process"), message);
        }
    }

    @Test
    void whatIsNoDatabaseIsNamedWithoutItsPassword() throws IOException {
        Path text = Files.writeString(folder.resolve("notes.txt"), "no database ".repeat(200));
        assertTrue(refusal("jdbc:sqlite:" + text).contains("is no database, or damaged"));
        assertTrue(refusal("mysql://host/name").contains("no database the studio knows"));
        String unreachable =
                refusal("jdbc:postgresql://127.0.0.1:1/x?user=a&password=secret&connectTimeout=2");
        assertTrue(!unreachable.contains("secret"), unreachable);
    }

    @Test
    void migrationsAreNumberedOnceForBothDatabases() throws IOException {
        List<String> numbers = new ArrayList<>();
        Path migrations = Path.of("src/main/resources/dev/stanstudio/web/home/migrations");
        try (var files = Files.list(migrations)) {
            files.map(file -> file.getFileName().toString())
                    .forEach(name -> numbers.add(name.replaceFirst("^V(\\d+)__\\w+\\.sql$", "$1")));
        }
        assertEquals(numbers.size(), new TreeSet<>(numbers).size(), numbers.toString());
        assertTrue(numbers.stream().allMatch(n -> n.matches("\\d+")), numbers.toString());
    }
}
