package dev.stanstudio.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.UserException;
import dev.stanstudio.web.home.Database;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Passwords stay with the process that needs them. */
class ChildSecretsTest {
    private static final String SECRET = "hunter2hunter2";

    /** Tells which of its variables and options a command of a job would get. */
    static final class Asking {
        private Asking() {}

        public static void main(String[] args) {
            ProcessBuilder builder = CommandLines.process(List.of("doctor"));
            Map<String, String> all = new TreeMap<>(builder.environment());
            System.out.println(builder.command() + " " + all);
        }
    }

    @Test
    void commandsOfJobsInheritNoPassword() throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dsome.password=" + SECRET,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Asking.class.getName());
        for (String name :
                List.of(
                        "STUDIO_ADMIN_PASSWORD",
                        "STUDIO_DB",
                        "STUDIO_DB_PASSWORD",
                        "PGPASSWORD",
                        "HF_TOKEN",
                        "AWS_SECRET_ACCESS_KEY",
                        "openai_api_key")) {
            builder.environment().put(name, SECRET);
        }
        builder.environment().put("STUDIO_KEPT", "kept");
        Process process = builder.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        assertTrue(said.contains("STUDIO_KEPT=kept"), said);
        assertFalse(said.contains(SECRET), said);
    }

    @Test
    void noErrorShowsTheDatabasesPassword() {
        Path file = Path.of("unused.db");
        for (String url :
                List.of(
                        "jdbc:postgresql://u:" + SECRET + "@127.0.0.1:1/x",
                        "jdbc:postgresql://127.0.0.1:1/x?user=u&password=" + SECRET,
                        "jdbc:postgresql://127.0.0.1:port/x?password=" + SECRET,
                        "jdbc:mysql://u:" + SECRET + "@127.0.0.1/x")) {
            UserException e =
                    assertThrows(UserException.class, () -> Database.open(url, file), url);
            StringWriter all = new StringWriter();
            e.printStackTrace(new PrintWriter(all, true));
            assertFalse(all.toString().contains(SECRET), all.toString());
        }
    }
}
