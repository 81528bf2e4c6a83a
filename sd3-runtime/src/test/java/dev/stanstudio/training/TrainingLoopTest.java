package dev.stanstudio.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingLoopTest {
    private static final TrainingLoop.Rhythm RHYTHM = new TrainingLoop.Rhythm(2, 4, 3600);

    @TempDir Path folder;

    /** Counts; its loss is the number of the step, and it may be stopped before one. */
    private static final class Counter implements Trainee {
        private final long planned;
        private final long stopAt;
        private long made;

        Counter(long planned, long stopAt) {
            this.planned = planned;
            this.stopAt = stopAt;
        }

        @Override
        public long steps() {
            return made;
        }

        @Override
        public long plannedSteps() {
            return planned;
        }

        @Override
        public Map<String, Double> step() {
            made++;
            if (made == stopAt) {
                Thread.currentThread().interrupt();
            }
            return Map.of("loss", (double) made);
        }

        @Override
        public Map<String, Double> validate() {
            return Map.of("loss", -1.0);
        }

        @Override
        public void drawSamples(Path file) {
            write(file, "sheet");
        }

        @Override
        public void save(Path checkpoint) {
            write(checkpoint, String.valueOf(made));
        }

        @Override
        public void resume(Path checkpoint) {
            try {
                made = Long.parseLong(Files.readString(checkpoint));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {}
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> run(Counter counter) {
        List<String> told = new ArrayList<>();
        TrainingLoop.Listener listener =
                (kind, step, planned, numbers) ->
                        told.add(kind + " " + step + " " + numbers.get("loss"));
        new TrainingLoop(folder, RHYTHM, listener).run(counter);
        return told;
    }

    private List<String> log() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve(TrainingLoop.LOG))) {
            JsonNode node = new ObjectMapper().readTree(line);
            lines.add(
                    node.path("kind").asText()
                            + " "
                            + node.path("step").asLong()
                            + " "
                            + node.path("loss").asDouble());
        }
        return lines;
    }

    @Test
    void logsValidatesAndSaves() throws IOException {
        List<String> expected =
                List.of(
                        "train 2 1.5",
                        "train 4 3.5",
                        "validation 4 -1.0",
                        "train 5 5.0",
                        "validation 5 -1.0");
        assertEquals(expected, run(new Counter(5, -1)));
        assertEquals(expected, log());
        assertEquals("5", Files.readString(folder.resolve(TrainingLoop.CHECKPOINT)));
        assertTrue(Files.exists(folder.resolve("samples/0000005.png")));
        Picture curve = Picture.read(folder.resolve(TrainingLoop.CURVE));
        byte[] samples = curve.toRgb().samples();
        assertTrue(contains(samples, 0x1f77b4), "the training loss is drawn");
        assertTrue(contains(samples, 0xd62728), "the validation loss is drawn");
    }

    private static boolean contains(byte[] rgb, int colour) {
        for (int i = 0; i < rgb.length; i += 3) {
            int pixel = ((rgb[i] & 255) << 16) | ((rgb[i + 1] & 255) << 8) | (rgb[i + 2] & 255);
            if (pixel == colour) {
                return true;
            }
        }
        return false;
    }

    @Test
    void anInterruptedTrainingGoesOn() throws IOException {
        assertThrows(CancellationException.class, () -> run(new Counter(6, 3)));
        assertTrue(Thread.interrupted(), "the interruption stays visible");
        assertEquals("3", Files.readString(folder.resolve(TrainingLoop.CHECKPOINT)));
        run(new Counter(6, -1));
        assertEquals(
                List.of(
                        "train 2 1.5",
                        "train 4 4.0",
                        "validation 4 -1.0",
                        "train 6 5.5",
                        "validation 6 -1.0"),
                log());
    }

    @Test
    void linesBeyondTheCheckpointAreDropped() throws IOException {
        write(folder.resolve(TrainingLoop.CHECKPOINT), "4");
        Path log = folder.resolve(TrainingLoop.LOG);
        write(log, "{\"kind\":\"train\",\"step\":4,\"loss\":1}\n");
        Files.writeString(
                log,
                "{\"kind\":\"train\",\"step\":6,\"loss\":2}\n{\"kind\":\"tr",
                StandardOpenOption.APPEND);
        run(new Counter(5, -1));
        assertEquals(List.of("train 4 1.0", "train 5 5.0", "validation 5 -1.0"), log());
    }

    @Test
    void aFinishedTrainingMakesNoStep() throws IOException {
        run(new Counter(2, -1));
        List<String> before = log();
        assertTrue(run(new Counter(2, -1)).isEmpty());
        assertEquals(before, log());
    }

    @Test
    void aCheckpointBeyondTheTrainingsEndIsRefused() {
        write(folder.resolve(TrainingLoop.CHECKPOINT), "999");
        UserException e = assertThrows(UserException.class, () -> run(new Counter(2, -1)));
        String message = String.valueOf(e.getMessage());
        assertTrue(message.contains("is of step 999, beyond the 2 of this training"), message);
        assertFalse(Files.exists(folder.resolve(TrainingLoop.LOG)));
    }

    @Test
    void intervalsBelowOneAreRefused() {
        ArgumentException e =
                assertThrows(ArgumentException.class, () -> new TrainingLoop.Rhythm(0, 1, 1));
        assertFalse(String.valueOf(e.getMessage()).isBlank());
    }

    @Test
    void aLineThatACrashLeftInPiecesIsDropped() throws IOException {
        write(folder.resolve(TrainingLoop.CHECKPOINT), "4");
        Path log = folder.resolve(TrainingLoop.LOG);
        write(log, "{\"kind\":\"train\",\"step\":4,\"loss\":1}\n");
        Files.write(log, new byte[] {'{', (byte) 0xff, (byte) 0xfe}, StandardOpenOption.APPEND);
        run(new Counter(5, -1));
        assertEquals(List.of("train 4 1.0", "train 5 5.0", "validation 5 -1.0"), log());
    }
}
