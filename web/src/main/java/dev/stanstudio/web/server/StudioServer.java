package dev.stanstudio.web.server;

import dev.stanstudio.datasets.UserException;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.javalin.util.JavalinBindException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.StreamSupport;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The running server. Closing it lets requests finish, then closes the features. */
public final class StudioServer implements AutoCloseable {
    private static final long MAX_REQUEST_BYTES = 32L << 20;
    private static final int MAX_THREADS = 64;
    private static final long STOP_MILLIS = 10_000;
    private static final long PAUSE_NANOS = 5_000_000;

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
    private final String host;
    private final AtomicInteger running;

    private StudioServer(
            Javalin javalin, List<? extends Feature> features, String host, AtomicInteger running) {
        this.running = running;
        this.javalin = javalin;
        this.features = features;
        this.host = host;
    }

    /** Starts with every feature that is named as a service. */
    public static StudioServer start(ServerSettings settings, Studio studio) {
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
            ServerSettings settings, Studio studio, List<? extends Feature> features) {
        AtomicInteger running = new AtomicInteger();
        Javalin javalin =
                Javalin.create(
                        config -> {
                            // Counted first and last: every request is answered before the end.
                            config.routes.before(ctx -> running.incrementAndGet());
                            configure(config, settings, studio, features);
                            config.routes.after(ctx -> running.decrementAndGet());
                        });
        try {
            javalin.start(settings.host(), settings.port());
        } catch (JavalinBindException e) {
            close(features);
            throw new UserException(
                    "cannot listen on "
                            + settings.host()
                            + ":"
                            + settings.port()
                            + ": the port is taken or not allowed; give --port another number, or"
                            + " end the program that has it",
                    e);
        } catch (RuntimeException e) {
            close(features);
            throw new UserException(
                    "cannot listen on "
                            + settings.host()
                            + ":"
                            + settings.port()
                            + "; is --host an address of this machine?",
                    e);
        }
        return new StudioServer(javalin, features, settings.host(), running);
    }

    private static void configure(
            JavalinConfig config,
            ServerSettings settings,
            Studio studio,
            List<? extends Feature> features) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.maxRequestSize = MAX_REQUEST_BYTES;
        config.jetty.threadPool = new QueuedThreadPool(MAX_THREADS);
        config.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
        config.jetty.modifyServer(
                server -> {
                    // Jetty would wait for browsers to hang up; requests are waited for in close().
                    server.setStopTimeout(0);
                    server.setStopAtShutdown(false);
                });
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
        new Access(settings, studio.clock()).register(config.routes);
        Failures.register(config.routes);
        Assets.register(config.routes);
        config.routes.get("/health", ctx -> health(ctx, studio, features), Audience.EVERYONE);
        if (!entries.isEmpty()) {
            String first = entries.get(0).path();
            config.routes.get("/", ctx -> ctx.redirect(first, HttpStatus.SEE_OTHER));
        }
        features.forEach(feature -> feature.open(studio, config.routes));
    }

    private static void health(Context ctx, Studio studio, List<? extends Feature> features) {
        int one =
                studio.database()
                        .jdbi()
                        .withHandle(h -> h.createQuery("SELECT 1").mapTo(Integer.class).one());
        Map<String, Object> health = new LinkedHashMap<>();
        health.put("status", one == 1 ? "ok" : "failed");
        features.forEach(feature -> health.putAll(feature.health()));
        ctx.header("Cache-Control", "no-store").json(health);
    }

    /** The port that it listens on. */
    public int port() {
        return javalin.port();
    }

    /** Where a browser on this machine finds it. */
    public String address() {
        String name = host.equals("0.0.0.0") || host.equals("::") ? "127.0.0.1" : host;
        return "http://" + (name.contains(":") ? "[" + name + "]" : name) + ":" + port();
    }

    @Override
    public void close() {
        features.forEach(Feature::stopping);
        long end = System.nanoTime() + STOP_MILLIS * 1_000_000;
        while (running.get() > 0 && System.nanoTime() < end) {
            LockSupport.parkNanos(PAUSE_NANOS);
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
