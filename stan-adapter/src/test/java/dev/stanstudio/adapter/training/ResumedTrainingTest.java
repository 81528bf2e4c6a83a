package dev.stanstudio.adapter.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A training of any options that is stopped and goes on ends with the unbroken one's bits. */
class ResumedTrainingTest {
    @TempDir private static Path folder;

    @BeforeAll
    static void write() throws IOException {
        TrainedCommand command = new TrainedCommand(folder, "tiny-3.0");
        Path list = command.collection("known", 3, 60).resolve("metadata.jsonl");
        Files.writeString(list, Files.readString(list).replace("\"validation\"", "\"train\""));
        Path data = command.collection("two", 5, 60).resolve("metadata.jsonl");
        // One picture of ink and three of noise to train on.
        Files.writeString(data, Files.readString(data).replaceFirst("\"noise\",", "\"ink\","));
        Path masks = Files.createDirectories(folder.resolve("masks"));
        for (int i = 0; i < 5; i++) {
            byte[] samples = new byte[60 * 50 * 3];
            new Random(i).nextBytes(samples);
            Picture.of(60, 50, PixelMode.RGB, samples).writePng(masks.resolve(i + ".png"));
        }
    }

    private static String[] options(String text) {
        List<String> all = new ArrayList<>(List.of("--steps", "4", "--lr", "0.01"));
        all.addAll(List.of("--data", folder.resolve("two").toString()));
        for (String word : text.split(" ")) {
            boolean path = word.equals("masks") || word.equals("known");
            all.add(path ? folder.resolve(word).toString() : word);
        }
        return all.toArray(String[]::new);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--optimizer adamw --ema 0.9 --caption-dropout 0.5 --flip --schedule cosine"
                        + " --warm-up 2",
                "--optimizer prodigy --lr 1 --loss l1 --export last",
                "--optimizer schedule-free --loss huber --huber-schedule exponential --export last",
                "--optimizer lion --lora-plus-ratio 4 --balance style --export last",
                "--optimizer adafactor --loss smooth-l1 --rank-dropout 0.5 --export last",
                "--optimizer came --masked-loss masks --repeats ink=2 --export last",
                "--optimizer muon --prior-data known --prior-weight 0.5 --balance style --crop"
                        + " random",
                "--ema 0.8 --masked-loss masks --prior-data known --rank-dropout 0.3"
                        + " --lora-plus-ratio 8 --loss huber --caption-dropout 0.3 --repeats ink=3"
                        + " --balance style --checkpointing --quantize int8 --export last",
                "--method dora --ema 0.9 --caption-dropout 0.5 --prior-data known --export last",
                "--method loha --optimizer came --loss l1 --balance style --export last"
            })
    void trainingThatWasStoppedEndsWithTheUnbrokenOnesBits(String text) throws IOException {
        TrainedCommand command = new TrainedCommand(folder, "tiny-3.0");
        String run = Integer.toHexString(text.hashCode());
        assertEquals("", command.train("whole" + run, options(text)));
        String told = command.stopped("train 2/4", "broken" + run, options(text));
        assertTrue(told.startsWith("stopped at step 2 of 4"), told);
        assertEquals("", command.train("broken" + run, options(text)));
        assertArrayEquals(tensors("whole" + run), tensors("broken" + run));
        assertEquals(numbers("whole" + run), numbers("broken" + run));
    }

    /** The tensors' bytes alone; what is before them tells where they were trained. */
    private static byte[] tensors(String out) throws IOException {
        byte[] file =
                Files.readAllBytes(folder.resolve(out + "/adapter/adapter_model.safetensors"));
        int header = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt();
        return Arrays.copyOfRange(file, 8 + header, file.length);
    }

    /** Every loss and norm of every step and validation, without times and memory. */
    private static List<String> numbers(String out) throws IOException {
        List<String> rows = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve(out + "/log.jsonl"))) {
            ObjectNode row = (ObjectNode) new ObjectMapper().readTree(line);
            row.remove(List.of("step_seconds", "memory_gib", "seconds", "time"));
            rows.add(row.toString());
        }
        assertTrue(rows.size() >= 6, rows::toString);
        return rows;
    }

    /** A training goes on with the same pictures in each step only. */
    @Test
    void otherOptionsDoNotGoOnWithIt() {
        TrainedCommand command = new TrainedCommand(folder, "tiny-3.0");
        command.stopped("train 2/4", "other", options("--balance style --prior-data known"));
        for (String changed :
                List.of(
                        "--prior-data known",
                        "--balance style --prior-data known --prior-weight 2",
                        "--balance style --prior-data known --loss l1")) {
            String told = command.train("other", options(changed));
            assertTrue(told.contains("other settings"), changed + ": " + told);
        }
    }
}
