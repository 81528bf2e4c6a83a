package dev.stanstudio.web.generate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.sd3.checkpoint.Quantization;
import dev.stanstudio.sd3.model.ModelDefaults;
import dev.stanstudio.testing.Goldens;
import dev.stanstudio.web.adapters.AdaptersFeature;
import dev.stanstudio.web.home.Database;
import dev.stanstudio.web.home.StudioHome;
import dev.stanstudio.web.home.WorkSettings;
import dev.stanstudio.web.library.ModelCache;
import dev.stanstudio.web.picture.GalleryFeature;
import dev.stanstudio.web.picture.PictureTable;
import dev.stanstudio.web.server.ServerSettings;
import dev.stanstudio.web.server.StudioContext;
import dev.stanstudio.web.server.StudioServer;
import dev.stanstudio.web.study.page.StudyFeature;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A studio with a tiny model, and a visitor who calls it over HTTP. */
public final class DrawingStudio implements AutoCloseable {
    private static final long PATIENCE_NANOS = Duration.ofMinutes(2).toNanos();
    private static final ObjectMapper JSON = new ObjectMapper();

    final StudioContext studio;
    final StudioServer server;

    public DrawingStudio(Path folder, int workers) {
        this(folder, workers, false);
    }

    DrawingStudio(Path folder, int workers, boolean welcome) {
        this(folder, null, "cpu", workers, welcome, Duration.ofMillis(250));
    }

    /** On the devices {@code devices}, with a comma between two. */
    DrawingStudio(Path folder, String devices, int workers) {
        this(folder, null, devices, workers, false, Duration.ofMillis(250));
    }

    /** On the database {@code url}, with workers that are dead after four silent heartbeats. */
    public DrawingStudio(Path folder, String url, int workers, Duration heartbeat) {
        this(folder, url, "cpu", workers, false, heartbeat);
    }

    private DrawingStudio(
            Path folder,
            @Nullable String url,
            String devices,
            int workers,
            boolean welcome,
            Duration heartbeat) {
        StudioHome home = new StudioHome(folder);
        home.subfolder(".");
        this.studio =
                new StudioContext(
                        home,
                        Database.open(url, home.databaseFile()),
                        Clock.systemUTC(),
                        new WorkSettings(
                                model(), devices, null, Quantization.NONE, workers, welcome));
        this.server =
                StudioServer.start(
                        new ServerSettings("127.0.0.1", 0, ""),
                        studio,
                        List.of(
                                new GenerateFeature(heartbeat),
                                new GalleryFeature(),
                                new AdaptersFeature(),
                                new StudyFeature()));
    }

    /** The tiny model's folder. */
    public static String model() {
        return Goldens.own("tiny-3.0").toAbsolutePath().toString();
    }

    public PictureTable pictures() {
        return new PictureTable(studio.database(), studio.clock());
    }

    public ModelDefaults defaults() {
        try (ModelCache models = new ModelCache(studio.work())) {
            return models.defaults(model());
        }
    }

    public String address() {
        return server.address();
    }

    public Visitor visitor() {
        return new Visitor(server.address());
    }

    @Override
    public void close() {
        server.close();
        studio.database().close();
    }

    /** A browser, or a program, with cookies of its own. */
    public static final class Visitor {
        private final HttpClient client =
                HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
        private final String address;

        public Visitor(String address) {
            this.address = address;
        }

        HttpRequest.Builder request(String path) {
            return HttpRequest.newBuilder(URI.create(address + path))
                    .header("Accept", "application/json");
        }

        public HttpResponse<byte[]> send(HttpRequest request) {
            try {
                return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        public HttpResponse<byte[]> get(String path) {
            return send(request(path).GET().build());
        }

        public HttpResponse<byte[]> post(String path, String type, String body) {
            return send(
                    request(path)
                            .header("Content-Type", type)
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build());
        }

        public HttpResponse<byte[]> post(String path) {
            return post(path, "application/x-www-form-urlencoded", "");
        }

        public static String text(HttpResponse<byte[]> answer) {
            return new String(answer.body(), StandardCharsets.UTF_8);
        }

        public JsonNode json(HttpResponse<byte[]> answer) {
            try {
                return JSON.readTree(answer.body());
            } catch (IOException e) {
                throw new IllegalStateException(text(answer), e);
            }
        }

        /** Orders a matrix of small pictures; {@code more} is JSON beside the sizes. */
        public Ordered order(String more) {
            HttpResponse<byte[]> answer =
                    post(
                            "/api/matrices",
                            "application/json",
                            "{\"width\":64,\"height\":48," + more + "}");
            if (answer.statusCode() != 201) {
                throw new IllegalStateException(text(answer));
            }
            return new Ordered(this, json(answer).path("id").asText());
        }
    }

    /** A matrix that a visitor has ordered. */
    public record Ordered(Visitor visitor, String id) {
        public List<JsonNode> pictures() {
            List<JsonNode> pictures = new ArrayList<>();
            visitor.json(visitor.get("/api/matrices/" + id))
                    .path("pictures")
                    .forEach(pictures::add);
            return pictures;
        }

        public List<String> states() {
            return pictures().stream().map(picture -> picture.path("state").asText()).toList();
        }

        public String id(int place) {
            return pictures().get(place).path("id").asText();
        }

        public byte[] png(int place) {
            HttpResponse<byte[]> answer = visitor.get(pictures().get(place).path("png").asText());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(Visitor.text(answer));
            }
            return answer.body();
        }

        /** Asks until the states are as wanted. */
        public List<String> await(Predicate<List<String>> wanted) {
            long end = System.nanoTime() + PATIENCE_NANOS;
            List<String> states = states();
            while (!wanted.test(states)) {
                if (System.nanoTime() > end) {
                    throw new IllegalStateException("still " + states + ": " + pictures());
                }
                states = states();
            }
            return states;
        }

        public Ordered awaitDone() {
            List<String> states =
                    await(now -> now.stream().noneMatch(s -> s.matches("queued|running")));
            if (!states.stream().allMatch("done"::equals)) {
                throw new IllegalStateException(pictures().toString());
            }
            return this;
        }
    }
}
