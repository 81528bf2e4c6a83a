package dev.stanstudio.web.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real PostgreSQL, started once for all tests of a run in a folder of its own. Where there is no
 * PostgreSQL on the machine, {@link #missing()} says what was looked for.
 */
public final class PostgresServer {
    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");
    private static final Optional<Path> PROGRAMS = programs();
    private static int port;

    private PostgresServer() {}

    public static boolean available() {
        return PROGRAMS.isPresent();
    }

    public static String missing() {
        return "no PostgreSQL: neither initdb on the PATH nor anything in " + DEBIAN;
    }

    /** The URL of a new, empty database. */
    public static synchronized String newDatabase() {
        if (port == 0) {
            start();
        }
        String name = "s" + UUID.randomUUID().toString().replace("-", "");
        String base = "jdbc:postgresql://127.0.0.1:" + port + "/";
        try (var connection =
                        java.sql.DriverManager.getConnection(base + "postgres?user=postgres");
                var statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
        return base + name + "?user=postgres";
    }

    private static void start() {
        try {
            Path folder = Files.createTempDirectory("studio-postgres");
            boolean root = "root".equals(System.getProperty("user.name"));
            if (root) {
                run(List.of("chown", "postgres", folder.toString()), false);
            }
            String data = folder.resolve("data").toString();
            int free = freePort();
            run(command("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-N"), root);
            List<String> control = command("pg_ctl", "-D", data, "-w", "-l", folder + "/log", "-o");
            control.add("-p " + free + " -k " + folder + " -c listen_addresses=127.0.0.1");
            control.add("start");
            run(control, root);
            port = free;
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(folder, data, root)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void stop(Path folder, String data, boolean root) {
        try {
            run(command("pg_ctl", "-D", data, "-m", "immediate", "stop"), root);
            try (Stream<Path> files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> command(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(PROGRAMS.orElseThrow().resolve(program).toString());
        command.addAll(List.of(arguments));
        return command;
    }

    /** PostgreSQL refuses to run as root, so root runs it as the user that came with it. */
    private static void run(List<String> command, boolean asPostgres) throws IOException {
        List<String> whole = new ArrayList<>();
        if (asPostgres) {
            whole.addAll(List.of("runuser", "-u", "postgres", "--"));
        }
        whole.addAll(command);
        Path log = Files.createTempFile("studio-postgres", ".log");
        Process process =
                new ProcessBuilder(whole)
                        .directory(Path.of("/").toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        try {
            if (!process.waitFor(240, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException(whole + " failed: " + Files.readString(log));
            }
            Files.delete(log);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static Optional<Path> programs() {
        List<Path> candidates = new ArrayList<>();
        for (String folder : System.getenv("PATH").split(":")) {
            candidates.add(Path.of(folder));
        }
        if (Files.isDirectory(DEBIAN)) {
            try (Stream<Path> versions = Files.list(DEBIAN)) {
                versions.map(version -> version.resolve("bin")).forEach(candidates::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return candidates.stream()
                .filter(folder -> Files.isExecutable(folder.resolve("initdb")))
                .filter(folder -> Files.isExecutable(folder.resolve("pg_ctl")))
                .findFirst();
    }
}
