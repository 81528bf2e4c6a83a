package dev.stanstudio.web.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.javalin.Javalin;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;

/** Unexpected failures in the server's log. */
class FailuresTest {
    private static final String SECRET = "token=opens-everything";

    /** A log that keeps its lines. */
    private static final class KeptLog extends LegacyAbstractLogger {
        private static final long serialVersionUID = 1;

        final transient List<String> lines = new CopyOnWriteArrayList<>();

        @Override
        protected @Nullable String getFullyQualifiedCallerName() {
            return null;
        }

        @Override
        protected void handleNormalizedLoggingCall(
                Level level,
                @Nullable Marker marker,
                String message,
                Object @Nullable [] arguments,
                @Nullable Throwable thrown) {
            lines.add(level + " " + message + (thrown == null ? "" : " with its trace"));
        }

        @Override
        public boolean isTraceEnabled() {
            return false;
        }

        @Override
        public boolean isDebugEnabled() {
            return false;
        }

        @Override
        public boolean isInfoEnabled() {
            return true;
        }

        @Override
        public boolean isWarnEnabled() {
            return true;
        }

        @Override
        public boolean isErrorEnabled() {
            return true;
        }
    }

    @Test
    void anUnexpectedFailureIsOneLineWithPathAndIdAndNoQuery() throws Exception {
        KeptLog log = new KeptLog();
        Javalin javalin =
                Javalin.create(
                        config -> {
                            config.startup.showJavalinBanner = false;
                            config.startup.startupWatcherEnabled = false;
                            new Failures(new Problems(log), "").register(config);
                            config.routes.get(
                                    "/defect",
                                    ctx -> {
                                        throw new IllegalStateException("no such\nshape");
                                    });
                        });
        javalin.start("127.0.0.1", 0);
        String body;
        try {
            URI address =
                    URI.create("http://127.0.0.1:%d/defect?%s".formatted(javalin.port(), SECRET));
            HttpRequest request =
                    HttpRequest.newBuilder(address).header("Accept", "application/json").build();
            HttpResponse<String> answer =
                    HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
            assertEquals(500, answer.statusCode());
            body = answer.body();
        } finally {
            javalin.stop();
        }
        assertEquals(1, log.lines.size(), log.lines.toString());
        String line = log.lines.get(0);
        String id = line.replaceFirst(".*\\((.+?)\\).*", "$1");
        assertEquals(
                "ERROR GET /defect failed (%s): java.lang.IllegalStateException: no such shape"
                        .formatted(id),
                line);
        assertTrue(body.contains(id), body);
        assertFalse(body.contains("shape"), body);
    }

    @Test
    void manyFailuresAreCounted() {
        KeptLog log = new KeptLog();
        Problems problems = new Problems(log);
        for (int i = 0; i < 30; i++) {
            problems.report("request " + i, new IllegalStateException());
        }
        assertEquals(20, log.lines.size());
    }

    @Test
    void aRepeatedNoteIsLoggedOnceAndTracesOnlyOnRequest() {
        KeptLog log = new KeptLog();
        Problems problems = new Problems(log);
        problems.note("away");
        problems.note("away");
        problems.verbose(true);
        String id = problems.report("this", new IllegalStateException());
        assertEquals(
                List.of(
                        "WARN away",
                        "ERROR this failed (%s): java.lang.IllegalStateException with its trace"
                                .formatted(id)),
                log.lines);
    }

    @Test
    void theLogIsOneLineOnStandardErrorAndSilentAboutTheLibraries() {
        PrintStream before = System.err;
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        System.setErr(new PrintStream(told, true, StandardCharsets.UTF_8));
        try {
            LoggerFactory.getLogger("studio").warn("something");
            LoggerFactory.getLogger("studio").info("nothing of note");
            LoggerFactory.getLogger("com.zaxxer.hikari.pool.HikariPool").error("pool");
            LoggerFactory.getLogger("org.eclipse.jetty.server.Response").warn("address?key=1");
            LoggerFactory.getLogger("org.flywaydb.core.Flyway").warn("migrated");
            LoggerFactory.getLogger("io.javalin.Javalin").info("started");
        } finally {
            System.setErr(before);
        }
        String text = told.toString(StandardCharsets.UTF_8);
        assertTrue(
                text.matches("\\d{4}-\\d\\d-\\d\\dT[\\d:]{8}\\S* WARN studio - something\\R"),
                text);
    }
}
