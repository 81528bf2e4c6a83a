package dev.stanstudio.web.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.sd3.checkpoint.Quantization;
import dev.stanstudio.sd3.metadata.Provenance;
import dev.stanstudio.web.generate.DrawingStudio.Ordered;
import dev.stanstudio.web.generate.DrawingStudio.Visitor;
import dev.stanstudio.web.home.Database;
import dev.stanstudio.web.home.StudioHome;
import dev.stanstudio.web.home.WorkSettings;
import dev.stanstudio.web.picture.GalleryFeature;
import dev.stanstudio.web.server.ServerSettings;
import dev.stanstudio.web.server.StudioContext;
import dev.stanstudio.web.server.StudioServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model's name stands for the weights that its files hold. */
class ReplacedModelTest {
    private static final String ORDER = "\"prompts\":[\"boat\"],\"steps\":1,\"guidance\":1";

    @TempDir Path folder;
    private StudioContext studio;
    private StudioServer server;
    private Visitor visitor;
    private Path weights;

    @BeforeEach
    void open() throws IOException {
        Path model = folder.resolve("model");
        copy(Path.of(DrawingStudio.model()), model);
        weights = model.resolve("transformer/diffusion_pytorch_model.safetensors");
        StudioHome home = new StudioHome(folder.resolve("home"));
        home.subfolder(".");
        WorkSettings work =
                new WorkSettings(model.toString(), "cpu", "fp32", Quantization.NONE, 1, false);
        studio =
                new StudioContext(
                        home, Database.open(null, home.databaseFile()), Clock.systemUTC(), work);
        server =
                StudioServer.start(
                        new ServerSettings("127.0.0.1", 0, ""),
                        studio,
                        List.of(new GenerateFeature(Duration.ofMillis(250)), new GalleryFeature()));
        visitor = new Visitor(server.address());
    }

    @AfterEach
    void close() {
        server.close();
        studio.database().close();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(path, target);
                }
            }
        }
    }

    /** Puts a file of other numbers in the place of the transformer's, in one step. */
    private byte[] replace() throws IOException {
        byte[] before = Files.readAllBytes(weights);
        byte[] other = before.clone();
        ByteBuffer bytes = ByteBuffer.wrap(other).order(ByteOrder.LITTLE_ENDIAN);
        int begin = Math.toIntExact(bytes.getLong(0)) + Long.BYTES;
        for (int at = begin; at < other.length; at++) {
            other[at] ^= 1;
        }
        put(other);
        return before;
    }

    /** As an archive's other model has it: of the same length and the same time. */
    private void put(byte[] content) throws IOException {
        FileTime time = Files.getLastModifiedTime(weights);
        Path beside = Files.write(weights.resolveSibling("new"), content);
        Files.setLastModifiedTime(beside, time);
        Files.move(beside, weights, StandardCopyOption.REPLACE_EXISTING);
    }

    private String model(Ordered order) throws IOException {
        Path file = Files.write(folder.resolve("picture.png"), order.png(0));
        return Provenance.read(file).orElseThrow().model().fingerprint();
    }

    @Test
    void whatIsOrderedLaterIsDrawnByTheNewOne() throws IOException {
        String first = model(visitor.order(ORDER).awaitDone());
        byte[] before = replace();
        String second = model(visitor.order(ORDER).awaitDone());
        assertNotEquals(first, second);
        put(before);
        assertEquals(first, model(visitor.order(ORDER).awaitDone()));
    }

    @Test
    void whatWaitedIsNotDrawnByAnother() throws IOException {
        visitor.order(ORDER).awaitDone();
        visitor.post("/queue/pause");
        Ordered waiting = visitor.order(ORDER);
        byte[] before = replace();
        visitor.post("/queue/resume");
        waiting.await(List.of("failed")::equals);
        String why = waiting.pictures().get(0).path("remark").asText();
        assertTrue(why.contains("is not the one that was ordered"), why);
        put(before);
        visitor.post("/pictures/" + waiting.id(0) + "/retry");
        waiting.awaitDone();
    }

    /** Equal weights under another shift of the noise levels draw other pictures. */
    @Test
    void whatWaitedIsNotDrawnUnderOtherSettings() throws IOException {
        visitor.order(ORDER).awaitDone();
        visitor.post("/queue/pause");
        Ordered waiting = visitor.order(ORDER);
        Path schedule = folder.resolve("model/scheduler/scheduler_config.json");
        String before = Files.readString(schedule);
        String other = before.replaceFirst("\"shift\": 3.0", "\"shift\": 1.25");
        assertNotEquals(before, other);
        Files.writeString(schedule, other);
        visitor.post("/queue/resume");
        waiting.await(List.of("failed")::equals);
        String why = waiting.pictures().get(0).path("remark").asText();
        assertTrue(why.contains("its weights or settings have changed"), why);
    }

    @Test
    void aModelThatWentIsStillTheLoadedOne() throws IOException {
        visitor.order(ORDER).awaitDone();
        Files.move(folder.resolve("model"), folder.resolve("gone"));
        visitor.order(ORDER).awaitDone();
    }
}
