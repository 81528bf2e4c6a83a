package dev.stanstudio.web.queue;

import dev.stanstudio.web.server.Assets;
import dev.stanstudio.web.server.Feature;
import dev.stanstudio.web.server.NavigationEntry;
import dev.stanstudio.web.server.StudioContext;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code /metrics} for Prometheus and {@code /openapi.json} for programs. */
public final class MonitorFeature implements Feature {
    private @Nullable PrometheusMeterRegistry registry;

    @Override
    public Optional<NavigationEntry> navigation() {
        return Optional.empty();
    }

    @Override
    public void open(StudioContext studio, RoutesConfig routes) {
        PrometheusMeterRegistry opened = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        registry = opened;
        Metrics.addRegistry(opened);
        new JvmMemoryMetrics().bindTo(opened);
        new ProcessorMetrics().bindTo(opened);
        new UptimeMetrics().bindTo(opened);
        PictureQueue queue = new PictureQueue(studio.database(), studio.clock());
        Gauge.builder("studio.queue.waiting", queue, q -> q.depth().queued())
                .description("Pictures that wait")
                .strongReference(true)
                .register(opened);
        Gauge.builder("studio.queue.running", queue, q -> q.depth().running())
                .description("Pictures being drawn")
                .strongReference(true)
                .register(opened);
        routes.get("/metrics", ctx -> metrics(ctx, opened));
        routes.get(
                "/openapi.json",
                ctx -> ctx.contentType("application/json").result(Assets.text("openapi.json")));
    }

    private static void metrics(Context ctx, PrometheusMeterRegistry registry) {
        ctx.contentType("text/plain; version=0.0.4; charset=utf-8")
                .header("Cache-Control", "no-store")
                .result(registry.scrape());
    }

    @Override
    public void close() {
        PrometheusMeterRegistry open = registry;
        if (open != null) {
            registry = null;
            Metrics.removeRegistry(open);
            open.close();
        }
    }
}
