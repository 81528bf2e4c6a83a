package dev.stanstudio.web.server;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.engine.DeviceOptions;
import dev.stanstudio.sd3.checkpoint.Quantization;
import dev.stanstudio.sd3.model.TinySource;
import dev.stanstudio.web.home.Database;
import dev.stanstudio.web.home.StudioHome;
import dev.stanstudio.web.home.TemporaryFiles;
import dev.stanstudio.web.home.WorkSettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
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
                            + " STUDIO_HOME). Also from the variable STUDIO_DB, the password from"
                            + " STUDIO_DB_PASSWORD, where other accounts do not see it.")
    @Nullable String db;

    /** Names the database where no option does; other accounts see options, but not this. */
    public static final String DATABASE = "STUDIO_DB";

    /** The database's password, so that it need not stand in the address. */
    public static final String DATABASE_PASSWORD = "STUDIO_DB_PASSWORD";

    @Option(
            names = "--preview-decoder",
            paramLabel = "FILE",
            description =
                    "TAESD3 (safetensors, or diffusers' folder) for previews; default: the one that"
                            + " lies with the model, else colours fitted to its autoencoder.")
    @Nullable Path previewDecoder;

    @Option(
            names = "--tls-cert",
            paramLabel = "FILE",
            description =
                    "Serve https with this certificate (PEM, with those that follow it); needs"
                            + " --tls-key.")
    @Nullable Path tlsCert;

    @Option(
            names = "--tls-key",
            paramLabel = "FILE",
            description = "The certificate's private key (PEM, PKCS #8, not encrypted).")
    @Nullable Path tlsKey;

    @Option(
            names = "--trusted-proxy",
            paramLabel = "ADDRESS",
            split = ",",
            description =
                    "Addresses of proxies whose X-Forwarded-For and X-Forwarded-Proto are"
                            + " believed (default: none).")
    List<String> proxies = List.of();

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
            description =
                    "cpu, cuda or cuda:N (default: a CUDA card if there is one); several with"
                            + " commas draw at the same time, each with the model in its memory.")
    @Nullable String device;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            description = "fp32, fp16 or bf16 (default: fp32 on the CPU, bf16 on a card).")
    @Nullable String dtype;

    @Option(
            names = "--quantize",
            paramLabel = "FORM",
            defaultValue = "none",
            description =
                    "none, int8 or fp8: how the matrices of transformer and T5 stay in memory.")
    String quantize = "none";

    @Option(
            names = "--workers",
            paramLabel = "N",
            description =
                    "Pictures drawn at a time (default: one for each device); 0 leaves them to"
                            + " others.")
    @Nullable Integer workers;

    /** Opens the database that {@code db} names, or the home's own. */
    public static StudioContext studio(@Nullable String db) {
        return studio(db, WorkSettings.defaults());
    }

    private static StudioContext studio(@Nullable String db, WorkSettings work) {
        StudioHome home = StudioHome.ofEnvironment();
        TemporaryFiles.keepIn(home);
        String named = db == null ? System.getenv(DATABASE) : db;
        Database database =
                Database.open(
                        named == null || named.isBlank() ? null : named,
                        home.databaseFile(),
                        System.getenv(DATABASE_PASSWORD));
        return new StudioContext(home, database, Clock.systemUTC(), work);
    }

    /**
     * Serves until the process is asked to stop, and then lets running requests finish.
     *
     * @param command the command that serves
     * @param announcement what to print, from the server's address and the studio it serves
     * @throws CancellationException when it was asked to stop
     */
    public void serve(CommandSpec command, Function<Serving, String> announcement) {
        PrintWriter out = command.commandLine().getOut();
        ServerSettings settings = settings(command);
        if (settings.exposed()) {
            command.commandLine()
                    .getErr()
                    .println(
                            "note: without https whoever listens on the network reads the password"
                                    + " and everything else; give --tls-cert and --tls-key, or"
                                    + " let a proxy do it (docs/serve.md)");
        }
        WorkSettings work =
                new WorkSettings(
                        model,
                        device,
                        dtype,
                        Quantization.of(quantize),
                        workers(),
                        true,
                        previewDecoder);
        TinySource.check(previewDecoder);
        StudioContext studio = studio(db, work);
        try (Database database = studio.database();
                StudioServer server = StudioServer.start(settings, studio)) {
            out.println(announcement.apply(new Serving(server.address(), studio)));
            out.flush();
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            throw new CancellationException("the server was asked to stop");
        }
    }

    private int workers() {
        return workers == null ? DeviceOptions.names(device).size() : workers;
    }

    private ServerSettings settings(CommandSpec command) {
        if ((tlsCert == null) != (tlsKey == null)) {
            throw new ArgumentException("--tls-cert and --tls-key go together; give both or none");
        }
        OptionSpec verbose = command.findOption("--verbose");
        return new ServerSettings(
                host,
                port,
                System.getenv().getOrDefault(PASSWORD, ""),
                tlsCert == null || tlsKey == null ? null : new TlsSettings(tlsCert, tlsKey),
                proxies,
                verbose != null && Boolean.TRUE.equals(verbose.getValue()));
    }

    /** A server that answers by now. */
    public record Serving(String address, StudioContext studio) {}
}
