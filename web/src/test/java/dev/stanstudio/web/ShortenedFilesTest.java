package dev.stanstudio.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.testing.Goldens;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files of weights that are shortened or overwritten in place while a process has them open: it
 * gives the numbers that it read or one line, and it lives on. Memory that maps a file would end it
 * with a signal.
 */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class ShortenedFilesTest {
    private static final int ROUNDS = 8;
    private static final int REWRITES = 200;
    private static final String REFUSED = "refused ";
    private static final String TRANSFORMER = "transformer/diffusion_pytorch_model.safetensors";

    @TempDir static Path folder;
    private static Process process;
    private static BufferedReader said;
    private static PrintWriter orders;

    @BeforeAll
    static void start() throws IOException {
        List<String> command =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Dai.djl.offline=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FileUser.class.getName());
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("OMP_NUM_THREADS", "1");
        process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        said = process.inputReader();
        orders = new PrintWriter(process.outputWriter(), true);
    }

    /** Closing its input ends the process, by itself and well. */
    @AfterAll
    static void end() throws InterruptedException {
        orders.close();
        assertEquals(0, process.waitFor());
    }

    private static String ask(String... words) throws IOException {
        orders.println(String.join("\t", words));
        String line = said.readLine();
        while (line != null && !line.startsWith(FileUser.ANSWER)) {
            line = said.readLine(); // libraries may have something to say
        }
        assertNotNull(line, "the process ended at " + List.of(words));
        return line.substring(FileUser.ANSWER.length());
    }

    private static void open(String kind, Path path) throws IOException {
        assertEquals("opened", ask("open", kind, path.toString()));
    }

    private static String use() throws IOException {
        String answer = ask("use", "a boat");
        assertTrue(!answer.startsWith(REFUSED), answer);
        return answer;
    }

    private static String refusal() throws IOException {
        return refusal("a boat");
    }

    private static String refusal(String prompt) throws IOException {
        String answer = ask("use", prompt);
        assertTrue(answer.startsWith(REFUSED), answer);
        return answer;
    }

    private static Path copy(String name, Path from) throws IOException {
        Path to = folder.resolve(name);
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(path, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
        return to;
    }

    private static Path model(String name) throws IOException {
        return copy(name, Goldens.own("tiny-3.0"));
    }

    private static List<Path> weights(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(path -> path.toString().endsWith(".safetensors"))
                    .filter(path -> !path.toString().contains("fp16"))
                    .toList();
        }
    }

    /** Writes into the file itself, as {@code cp} over it does. */
    private static void overwrite(Path file, byte[] content) throws IOException {
        Files.write(file, content, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
    }

    private static void shorten(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        overwrite(file, Arrays.copyOf(bytes, bytes.length / 3));
    }

    /** Other numbers under the same header. */
    private static byte[] others(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        for (int at = bytes.length / 2; at < bytes.length; at++) {
            bytes[at] ^= 1;
        }
        return bytes;
    }

    @Test
    void whatWasReadStaysAsItWas() throws IOException {
        Path model = model("read");
        open("model", model);
        String first = use();
        for (Path file : weights(model)) {
            if (!file.toString().contains("text_encoder")) {
                shorten(file);
            }
        }
        assertEquals(first, use());
    }

    @Test
    void tablesThatAPromptReadsAreRefusedOnceTheyAreShortened() throws IOException {
        Path model = model("prompts");
        open("model", model);
        use();
        Path encoder = model.resolve("text_encoder/model.safetensors");
        shorten(encoder);
        assertTrue(refusal("a red door").contains(encoder.toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"model", "blocks", "int8"})
    void weightsThatAreShortenedBeforeTheyAreReadAreRefused(String kind) throws IOException {
        Path model = model("early-" + kind);
        List<Path> files =
                kind.equals("model") ? weights(model) : List.of(model.resolve(TRANSFORMER));
        for (Path file : files) {
            byte[] whole = Files.readAllBytes(file);
            open(kind, model);
            shorten(file);
            String refusal = refusal();
            assertTrue(refusal.contains(file + ": was "), refusal);
            overwrite(file, whole);
        }
    }

    @Test
    void layersThatAreReadForEachUseAreRefusedOnceTheyAreShortened() throws IOException {
        Path model = model("streamed");
        open("blocks", model);
        use();
        shorten(model.resolve(TRANSFORMER));
        assertTrue(refusal().contains("let its writer finish and load it again"));
    }

    @Test
    void aFileThatTakesThePlaceIsNotRead() throws IOException {
        Path model = model("moved");
        Path file = model.resolve(TRANSFORMER);
        open("blocks", model);
        String first = use();
        Path beside = Files.write(folder.resolve("beside"), others(file));
        Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
        assertEquals(first, use());
        Files.delete(file);
        assertEquals(first, use());
    }

    @Test
    void otherNumbersOfTheSameLengthNeverStandUnderTheOldIdentity() throws IOException {
        Path model = model("other");
        Path file = model.resolve(TRANSFORMER);
        open("model", model);
        String first = use();
        byte[] changed = others(file);
        overwrite(file, changed);
        assertEquals(first, use());
        open("blocks", model);
        String second = use();
        assertNotEquals(first, second);
        changed[changed.length - 1] ^= 1;
        overwrite(file, changed);
        assertTrue(refusal().contains(file + ": was changed after it was opened"));
    }

    @Test
    void filesThatChangeDuringTheLoadGiveTheirNumbersOrOneLine() throws Exception {
        Path model = model("busy");
        Path file = model.resolve(TRANSFORMER);
        byte[] whole = Files.readAllBytes(file);
        open("model", model);
        String first = use();
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            int times = round % 2 == 0 ? 1 : REWRITES;
            CompletableFuture<Void> writing =
                    CompletableFuture.runAsync(() -> rewrite(file, whole, times));
            String opened = ask("open", "model", model.toString());
            String answer = opened.equals("opened") ? ask("use", "a boat") : opened;
            writing.get();
            refused += answer.startsWith(REFUSED) ? 1 : 0;
            assertTrue(answer.equals(first) || answer.startsWith(REFUSED), answer);
        }
        System.out.printf("during the load: %d of %d refused%n", refused, ROUNDS);
        open("model", model);
        assertEquals(first, use());
    }

    private static void rewrite(Path file, byte[] whole, int times) {
        try {
            for (int time = 0; time < times; time++) {
                overwrite(file, new byte[0]);
                overwrite(file, whole);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aGgufFileThatIsShortenedIsRefused() throws IOException {
        Path source = Goldens.own("..").resolve("dev/stanstudio/sd3/model/gguf/tiny-3.0.gguf");
        Path file = Files.copy(source, folder.resolve("tiny.gguf"));
        open("model", file);
        String first = use();
        shorten(file);
        assertTrue(refusalOfNew(file).contains("tiny.gguf"));
        Files.copy(source, file, StandardCopyOption.REPLACE_EXISTING);
        open("model", file);
        assertEquals(first, use());
        open("model", file);
        shorten(file);
        assertTrue(refusal().contains(file + ": was "));
    }

    private static String refusalOfNew(Path file) throws IOException {
        String answer = ask("open", "model", file.toString());
        assertTrue(answer.startsWith(REFUSED), answer);
        return answer;
    }

    @ParameterizedTest
    @ValueSource(strings = {"adapter", "clip", "dino"})
    void adaptersAndTowersAsModels(String kind) throws IOException {
        Path from =
                switch (kind) {
                    case "clip" -> Path.of("..", "scoring", "models", "clip-nano");
                    case "dino" -> Path.of("..", "scoring", "models", "dino-nano");
                    default -> Path.of("..", "stan-adapter", "models", "lora-nano");
                };
        Path copy = copy(kind, from);
        Path file = weights(copy).get(0);
        byte[] whole = Files.readAllBytes(file);
        open(kind, copy);
        String first = use();
        open(kind, copy);
        shorten(file);
        assertTrue(refusal().contains(file.toString()));
        overwrite(file, whole);
        open(kind, copy);
        assertEquals(first, use());
        open(kind, copy);
        overwrite(file, others(file));
        assertTrue(refusal().contains(Objects.toString(file)));
    }
}
