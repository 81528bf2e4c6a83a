package dev.stanstudio.web.server.cli;

import dev.stanstudio.web.database.Database;
import dev.stanstudio.web.home.StudioHome;
import dev.stanstudio.web.server.ServerSettings;
import dev.stanstudio.web.server.Studio;
import dev.stanstudio.web.server.StudioServer;
import dev.stanstudio.web.work.WorkSettings;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of every command that serves pages, and the serving itself. */
public final class ServerOptions {
    private static final String PASSWORD = "STUDIO_ADMIN_PASSWORD";

    @Option(
            names = "--host",
            description =
                    "Address to listen on (${DEFAULT-VALUE}). Any other than this machine's own"
                            + " needs a password in STUDIO_ADMIN_PASSWORD.")
    String host = "127.0.0.1";

    @Option(
            names = "--port",
            description = "Port to listen on (${DEFAULT-VALUE}); 0 takes a free one.")
    int port = ServerSettings.DEFAULT_PORT;

    @Option(
            names = "--db",
            paramLabel = "URL",
            description =
                    "jdbc:postgresql://HOST/NAME?user=…&password=…, or jdbc:sqlite:FILE (a file in"
                            + " STUDIO_HOME).")
    @Nullable String db;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description =
                    "Model to draw with: a name that 'studio doctor' lists, or a path (default:"
                            + " sd3-nano, which comes with the program).")
    @Nullable String model;

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            description = "cpu, cuda or cuda:N (default: a CUDA card if there is one).")
    @Nullable String device;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            description = "fp32, fp16 or bf16 (default: fp32 on the CPU, bf16 on a card).")
    @Nullable String dtype;

    @Option(
            names = "--workers",
            paramLabel = "N",
            description = "Pictures drawn at a time (${DEFAULT-VALUE}); 0 leaves them to others.")
    int workers = 1;

    /** Opens the database that {@code db} names, or the home's own. */
    public static Studio studio(@Nullable String db) {
        return studio(db, WorkSettings.defaults());
    }

    private static Studio studio(@Nullable String db, WorkSettings work) {
        StudioHome home = StudioHome.ofEnvironment();
        return new Studio(home, Database.open(db, home.databaseFile()), Clock.systemUTC(), work);
    }

    /**
     * Serves until the process is asked to stop, and then lets running requests finish.
     *
     * @param announcement what to print, from the server's address and the studio it serves
     * @throws CancellationException when it was asked to stop
     */
    public void serve(PrintWriter out, Function<Serving, String> announcement) {
        ServerSettings settings =
                new ServerSettings(host, port, System.getenv().getOrDefault(PASSWORD, ""));
        Studio studio = studio(db, new WorkSettings(model, device, dtype, workers, true));
        try (Database database = studio.database();
                StudioServer server = StudioServer.start(settings, studio)) {
            out.println(announcement.apply(new Serving(server.address(), studio)));
            out.flush();
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            throw new CancellationException("the server was asked to stop");
        }
    }

    /** A server that answers by now. */
    public record Serving(String address, Studio studio) {}
}
