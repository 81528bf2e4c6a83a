package dev.stanstudio.safetensors;

import static dev.stanstudio.safetensors.Crafted.file;
import static dev.stanstudio.safetensors.Crafted.tensor;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.UserException;
import dev.stanstudio.safetensors.SafetensorsException.Violation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random damage: a file is read, or refused by a user exception; nothing else may come out. */
class FuzzTest {
    private static final int ROUNDS = 5_000;
    private static final String[] SPLICES = {
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\u0000",
        "\\ud800",
        "-",
        "0",
        "9",
        ".",
        "e",
        "null",
        "true",
        "9223372036854775807",
        "18446744073709551616",
        "1e400",
        "__metadata__",
        "dtype",
        "shape",
        "data_offsets",
        "F64",
        "F4",
        "../",
        "/",
        "\0",
        "\u00e9",
        "weight_map",
        "total_size",
        "[".repeat(1_500),
        "9".repeat(1_500),
        "x".repeat(60_000)
    };

    @TempDir Path folder;
    private final Map<Violation, Integer> refusals = new EnumMap<>(Violation.class);
    private int accepted;

    private static byte[] validFile() {
        String header =
                "{\"__metadata__\":{\"format\":\"pt\",\"note\":\"fuzz\"},"
                        + tensor("a", "F32", "[2,3]", "[0,24]")
                        + ","
                        + tensor("b", "BF16", "[4]", "[24,32]")
                        + ","
                        + tensor("c", "F8_E4M3", "[3,1]", "[32,35]")
                        + ","
                        + tensor("d", "I64", "[0]", "[35,35]")
                        + "}";
        return file(header, 35);
    }

    @Test
    void damagedFilesAreReadOrRefused() throws IOException {
        Random random = new Random(20_240_611);
        byte[] valid = validFile();
        Path path = folder.resolve("model.safetensors");
        fuzz(
                path,
                () -> {
                    byte[] damaged = damage(valid, random, Long.BYTES);
                    if (random.nextInt(3) > 0) {
                        repairLength(damaged);
                    }
                    return damaged;
                });
        report(8);
    }

    @Test
    void damagedIndexesAreReadOrRefused() throws IOException {
        Random random = new Random(20_250_612);
        Crafted.write(folder.resolve("s1.safetensors"), validFile());
        Crafted.write(
                folder.resolve("s2.safetensors"),
                file("{" + tensor("x", "U8", "[1]", "[0,1]") + "}", 1));
        byte[] valid =
                ("{\"metadata\":{\"total_size\":36},\"weight_map\":{\"a\":\"s1.safetensors\","
                                + "\"b\":\"s1.safetensors\",\"c\":\"s1.safetensors\","
                                + "\"d\":\"s1.safetensors\",\"x\":\"s2.safetensors\"}}")
                        .getBytes(StandardCharsets.UTF_8);
        Path path = folder.resolve("model.safetensors.index.json");
        fuzz(path, () -> damage(valid, random, 0));
        report(6);
    }

    /** One handle for all rounds: creating thousands of files would take most of the time. */
    private void fuzz(Path path, Supplier<byte[]> mutations) throws IOException {
        try (FileChannel out =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (int round = 0; round < ROUNDS; round++) {
                byte[] damaged = mutations.get();
                out.write(ByteBuffer.wrap(damaged), 0);
                out.truncate(damaged.length);
                attempt(damaged, () -> readAll(TensorCollection.open(path)));
            }
        }
    }

    private static void readAll(TensorCollection tensors) {
        for (StoredTensor tensor : tensors.tensors().values()) {
            ByteBuffer bytes = Crafted.bytes(tensor);
            int sum = 0;
            while (bytes.hasRemaining()) {
                sum += bytes.get();
            }
            assertTrue(sum >= -128L * tensor.info().byteSize());
        }
    }

    private void attempt(byte[] damaged, Runnable read) {
        try {
            read.run();
            accepted++;
        } catch (SafetensorsException e) {
            refusals.merge(e.violation(), 1, Integer::sum);
        } catch (UserException e) {
            throw new AssertionError("a user exception without its violation", e);
        } catch (RuntimeException | Error e) {
            throw new AssertionError("escaped on " + Arrays.toString(damaged), e);
        }
    }

    private void report(int kinds) {
        System.out.printf("fuzz: %d rounds, %d read, refused %s%n", ROUNDS, accepted, refusals);
        assertTrue(accepted > 0, "no damage was harmless: the base is not valid");
        assertTrue(refusals.size() >= kinds, "damage too tame: " + refusals);
    }

    private static byte[] damage(byte[] valid, Random random, int textStart) {
        byte[] bytes = valid.clone();
        for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
            int at = random.nextInt(bytes.length + 1);
            int length = Math.min(bytes.length - at, random.nextInt(12));
            bytes =
                    switch (random.nextInt(6)) {
                        case 0 -> flip(bytes, at, 1 << random.nextInt(Byte.SIZE));
                        case 1 -> Arrays.copyOf(bytes, at);
                        case 2 -> splice(bytes, Math.max(at, textStart), 0, pick(random));
                        case 3 -> splice(bytes, Math.max(at, textStart), length, pick(random));
                        case 4 -> splice(bytes, at, 0, Arrays.copyOfRange(bytes, at, at + length));
                        default -> digit(bytes, at, random);
                    };
        }
        return bytes;
    }

    private static byte[] pick(Random random) {
        return SPLICES[random.nextInt(SPLICES.length)].getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] flip(byte[] bytes, int at, int mask) {
        if (at < bytes.length) {
            bytes[at] ^= (byte) mask;
        }
        return bytes;
    }

    /** Replaces the first digit from {@code at} on, so that numbers change and the form stays. */
    private static byte[] digit(byte[] bytes, int at, Random random) {
        for (int i = at; i < bytes.length; i++) {
            if (bytes[i] >= '0' && bytes[i] <= '9') {
                bytes[i] = (byte) ('0' + random.nextInt(10));
                break;
            }
        }
        return bytes;
    }

    private static byte[] splice(byte[] bytes, int at, int drop, byte[] insert) {
        int from = Math.min(at, bytes.length);
        int to = Math.min(from + drop, bytes.length);
        return ByteBuffer.allocate(bytes.length - (to - from) + insert.length)
                .put(bytes, 0, from)
                .put(insert)
                .put(bytes, to, bytes.length - to)
                .array();
    }

    /**
     * States the length that puts the damaged text's end where the header ends, if it still does.
     */
    private static void repairLength(byte[] bytes) {
        for (int i = bytes.length - 1; i >= Long.BYTES; i--) {
            if (bytes[i] == '}') {
                byte[] length = file(i + 1L - Long.BYTES, new byte[0], 0);
                System.arraycopy(length, 0, bytes, 0, Long.BYTES);
                return;
            }
        }
    }
}
