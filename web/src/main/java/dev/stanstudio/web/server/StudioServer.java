package dev.stanstudio.web.server;

import dev.stanstudio.base.UserException;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.SizeUnit;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.javalin.util.JavalinBindException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.StreamSupport;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The running server. Closing it lets requests finish, then closes the features. */
public final class StudioServer implements AutoCloseable {
    private static final int MAX_THREADS = 64;
    private static final Duration STOP = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(5);

    private static final String FOREIGN =
            "cannot listen on %s:%d; is --host an address of this machine?";

    private static final Map<String, String> HEADERS =
            Map.of(
                    "Content-Security-Policy",
                    "default-src 'none'; img-src 'self' data: blob:; style-src 'self'; script-src"
                            + " 'self'; connect-src 'self'; form-action 'self'; base-uri 'none';"
                            + " frame-ancestors 'none'",
                    "X-Content-Type-Options",
                    "nosniff",
                    "Referrer-Policy",
                    "no-referrer",
                    "Cross-Origin-Opener-Policy",
                    "same-origin",
                    "Permissions-Policy",
                    "camera=(), microphone=(), geolocation=()");

    private final Javalin javalin;
    private final List<? extends Feature> features;
    private final ServerSettings settings;
    private final RequestGate gate;

    private StudioServer(
            Javalin javalin,
            List<? extends Feature> features,
            ServerSettings settings,
            RequestGate gate) {
        this.gate = gate;
        this.javalin = javalin;
        this.features = features;
        this.settings = settings;
    }

    /** Starts with every feature that is named as a service. */
    public static StudioServer start(ServerSettings settings, StudioContext studio) {
        return start(
                settings,
                studio,
                StreamSupport.stream(ServiceLoader.load(Feature.class).spliterator(), false)
                        .toList());
    }

    /**
     * Starts with {@code features} and returns once requests are answered.
     *
     * @throws UserException when the port is taken or the host is not this machine's
     */
    public static StudioServer start(
            ServerSettings settings, StudioContext studio, List<? extends Feature> features) {
        Access access = new Access(settings, studio.clock());
        RequestGate gate =
                new RequestGate(limits(features, access), new Proxies(settings.proxies()));
        Javalin javalin =
                Javalin.create(
                        config -> {
                            protect(config, gate);
                            listen(config, settings);
                            configure(config, settings, studio, features, access);
                        });
        try {
            Problems.shared().verbose(settings.verbose());
            javalin.start(settings.host(), settings.port());
        } catch (JavalinBindException e) {
            close(features);
            String taken =
                    "cannot listen on %s:%d: the port is taken or not allowed; give --port another"
                            + " number, or end the program that has it";
            String why = isOurs(settings.host()) ? taken : FOREIGN;
            throw new UserException(why.formatted(settings.host(), settings.port()), e);
        } catch (UserException e) {
            close(features);
            throw e;
        } catch (RuntimeException e) {
            close(features);
            throw new UserException(FOREIGN.formatted(settings.host(), settings.port()), e);
        }
        return new StudioServer(javalin, features, settings, gate);
    }

    /** Returns whether {@code host} names an address of this machine. */
    private static boolean isOurs(String host) {
        try {
            InetAddress address = InetAddress.getByName(host);
            return address.isAnyLocalAddress()
                    || NetworkInterface.getByInetAddress(address) != null;
        } catch (IOException e) {
            return false; // nobody knows the name
        }
    }

    private static void configure(
            JavalinConfig config,
            ServerSettings settings,
            StudioContext studio,
            List<? extends Feature> features,
            Access access) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        List<NavigationEntry> entries =
                features.stream()
                        .map(Feature::navigation)
                        .flatMap(Optional::stream)
                        .sorted(Comparator.comparingInt(NavigationEntry::place))
                        .toList();
        config.routes.before(
                ctx -> {
                    HEADERS.forEach(ctx::header);
                    Frame.prepare(ctx, entries, settings.guarded());
                });
        access.register(config.routes);
        config.routes.before(Inputs::check);
        String hidden = settings.guarded() ? studio.home().folder().toString() : "";
        new Failures(Problems.shared(), hidden).register(config);
        Assets.register(config.routes);
        config.routes.get("/health", ctx -> health(ctx, studio, features), Audience.EVERYONE);
        if (!entries.isEmpty()) {
            String first = entries.get(0).path();
            config.routes.get("/", ctx -> ctx.redirect(first, HttpStatus.SEE_OTHER));
        }
        features.forEach(feature -> feature.open(studio, config.routes));
    }

    private static BodyLimits limits(List<? extends Feature> features, Access access) {
        Map<String, BodyLimit> limits = new LinkedHashMap<>();
        features.forEach(feature -> limits.putAll(feature.bodyLimits()));
        return new BodyLimits(limits, access::insider);
    }

    private static void protect(JavalinConfig config, RequestGate gate) {
        config.http.maxRequestSize = BodyLimit.MOST;
        // What arrives lies in memory already, bounded; nothing of it ever goes to a file.
        config.jetty.multipartConfig.maxInMemoryFileSize((int) (BodyLimit.MOST >> 20), SizeUnit.MB);
        config.jetty.multipartConfig.maxFileSize(BodyLimit.MOST >> 20, SizeUnit.MB);
        config.jetty.multipartConfig.maxTotalRequestSize(BodyLimit.MOST >> 20, SizeUnit.MB);
        config.jetty.threadPool = new QueuedThreadPool(MAX_THREADS);
        config.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
        config.jetty.modifyServer(
                server -> {
                    // Jetty would wait for browsers to hang up; requests are waited for in close().
                    server.setStopTimeout(0);
                    server.setStopAtShutdown(false);
                    server.setHandler(gate);
                });
    }

    private static void listen(JavalinConfig config, ServerSettings settings) {
        TlsSettings tls = settings.tls();
        if (tls != null) {
            config.jetty.addConnector(
                    (server, http) -> {
                        ServerConnector connector =
                                new ServerConnector(server, Tls.connections(tls, http));
                        connector.setHost(settings.host());
                        connector.setPort(settings.port());
                        return connector;
                    });
        }
    }

    private static void health(
            Context ctx, StudioContext studio, List<? extends Feature> features) {
        int one =
                studio.database()
                        .jdbi()
                        .withHandle(h -> h.createQuery("SELECT 1").mapTo(Integer.class).one());
        Map<String, Object> health = new LinkedHashMap<>();
        health.put("status", one == 1 ? "ok" : "failed");
        features.forEach(feature -> health.putAll(feature.health()));
        ctx.header("Cache-Control", "no-store").json(health);
    }

    /** Returns the port that it listens on. */
    public int port() {
        return javalin.port();
    }

    /** Returns its address for a browser on this machine. */
    public String address() {
        String host = settings.host();
        String name = host.equals("0.0.0.0") || host.equals("::") ? "127.0.0.1" : host;
        String scheme = settings.tls() == null ? "http://" : "https://";
        return scheme + (name.contains(":") ? "[" + name + "]" : name) + ":" + port();
    }

    @Override
    public void close() {
        features.forEach(Feature::stopping);
        long end = System.nanoTime() + STOP.toNanos();
        while (gate.running() > 0 && System.nanoTime() < end) {
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        try {
            javalin.stop();
        } finally {
            close(features);
        }
    }

    private static void close(List<? extends Feature> features) {
        features.forEach(Feature::close);
    }
}
