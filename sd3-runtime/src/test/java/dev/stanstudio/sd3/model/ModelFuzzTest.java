package dev.stanstudio.sd3.model;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.Torch;
import dev.stanstudio.safetensors.SafetensorsWriter.Tensor;
import dev.stanstudio.safetensors.StoredType;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.mmdit.Mmdit;
import dev.stanstudio.sd3.text.ClipTextEncoder;
import dev.stanstudio.sd3.text.T5Encoder;
import dev.stanstudio.sd3.vae.Vae;
import dev.stanstudio.testing.Goldens;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Thousands of damaged configurations and weight files: an error for the user, never more. */
class ModelFuzzTest {
    private static final List<String> CONFIGS =
            List.of(
                    "model_index.json",
                    "transformer/config.json",
                    "vae/config.json",
                    "text_encoder/config.json",
                    "text_encoder_2/config.json",
                    "text_encoder_3/config.json",
                    "scheduler/scheduler_config.json",
                    "transformer/diffusion_pytorch_model.safetensors.index.json");
    private static final List<String> VALUES =
            List.of(
                    "0",
                    "-1",
                    "1",
                    "3",
                    "1e9",
                    "2147483647",
                    "-2147483648",
                    "99999999999999",
                    "null",
                    "true",
                    "\"x\"",
                    "[]",
                    "{}",
                    "[1,2]",
                    "0.5",
                    "NaN",
                    "\"\"",
                    "1e999");

    private static final List<String> NUMBERS =
            List.of("0", "1", "00", "7", "12345", "2147483648", "99999999999");
    private static final List<Long> SIZES = List.of(0L, 1L, 5L, 65_536L, 1L << 24, 1L << 40);

    @TempDir Path folder;

    private void copy(Path from) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path to = folder.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(to);
                } else {
                    Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    /** Opens what {@code file} belongs to, as loading a model does; the index belongs to all. */
    private void open(String file) {
        open(file, folder, null);
    }

    private static void open(String file, Path model, @Nullable Path companion) {
        Placement placement = LoadOptions.plain().placement();
        boolean all = !file.contains("/");
        try (ModelSource source = ModelSource.open(model, null, companion)) {
            if (all || file.startsWith("scheduler/")) {
                source.schedule();
            }
            if (all || file.startsWith("transformer/")) {
                Mmdit.load(source.transformerConfig(), source.transformer(), placement, false)
                        .close();
            }
            if (all || file.startsWith("vae/")) {
                Vae.load(source.vaeConfig(), source.vae(), placement).close();
            }
            for (int which = 1; which <= 2; which++) {
                if (all || file.startsWith("text_encoder" + (which == 1 ? "/" : "_2/"))) {
                    ModelSource.ClipPart part = source.clip(which);
                    ClipTextEncoder.load("clip", part.config(), part.weights(), placement, false)
                            .close();
                }
            }
            if (all || file.startsWith("text_encoder_3/")) {
                source.t5()
                        .ifPresent(
                                t5 ->
                                        T5Encoder.load(t5.config(), t5.weights(), placement, false)
                                                .close());
            }
        }
    }

    private boolean refused(String what, String file) {
        return refused(what, () -> open(file));
    }

    private static boolean refused(String what, Runnable open) {
        long before = Torch.liveHandles();
        try {
            open.run();
            return false;
        } catch (UserException e) {
            assertEquals(1, e.getMessage().lines().count(), what + ": " + e.getMessage());
            assertTrue(e.getMessage().length() < 1000, what + ": " + e.getMessage());
            return true;
        } catch (RuntimeException | Error e) {
            return fail(what + " let " + e + " out", e);
        } finally {
            assertEquals(before, Torch.liveHandles(), what + " left native values");
        }
    }

    @Test
    void damagedConfigurations() throws IOException {
        copy(Goldens.own("tiny-3.5"));
        Random random = new Random(11);
        int refusals = 0;
        for (int i = 0; i < 2000; i++) {
            String name = CONFIGS.get(i % CONFIGS.size());
            Path file = folder.resolve(name);
            byte[] good = Files.readAllBytes(file);
            byte[] bad = random.nextInt(3) == 0 ? flip(good, random) : replaceValue(good, random);
            Files.write(file, bad);
            refusals += refused("case " + i + " " + name, name) ? 1 : 0;
            Files.write(file, good);
        }
        System.out.println("damaged configurations refused: " + refusals + " of 2000");
        assertTrue(refusals > 500, "refused only " + refusals);
        open("model_index.json");
    }

    @Test
    void damagedWeights() throws IOException {
        copy(Goldens.own("tiny-3.5"));
        String name = "text_encoder/model.safetensors";
        Path file = folder.resolve(name);
        byte[] good = Files.readAllBytes(file);
        Random random = new Random(12);
        int refusals = 0;
        for (int i = 0; i < 1000; i++) {
            byte[] bad = good.clone();
            int header = 4000;
            for (int k = random.nextInt(3); k >= 0; k--) {
                bad[random.nextInt(header)] ^= (byte) (1 << random.nextInt(8));
            }
            Files.write(
                    file,
                    random.nextInt(4) == 0
                            ? java.util.Arrays.copyOf(bad, random.nextInt(bad.length))
                            : bad);
            refusals += refused("weights " + i, name) ? 1 : 0;
        }
        Files.write(file, good);
        System.out.println("damaged weights refused: " + refusals + " of 1000");
        assertTrue(refusals > 700, "refused only " + refusals);
        open("model_index.json");
    }

    /** Files that keep every rule of the format and hold other tensors than a model. */
    @Test
    void rearrangedSingleFiles() {
        Path good = Goldens.own("single-file/tiny-3.0_incl_clips_t5xxlfp8.safetensors");
        Path companion = Goldens.own("tiny-3.0");
        Random random = new Random(13);
        int refusals = 0;
        for (int i = 0; i < 300; i++) {
            Path bad = folder.resolve("single-" + i + ".safetensors");
            Rewritten.write(good, bad, tensors -> rearrange(tensors, random));
            boolean refused =
                    refused("single file " + i, () -> open("model_index.json", bad, companion));
            refusals += refused ? 1 : 0;
            assertTrue(bad.toFile().delete());
        }
        System.out.println("rearranged single files refused: " + refusals + " of 300");
        assertTrue(refusals > 250, "refused only " + refusals);
        open("model_index.json", good, companion);
    }

    private static void rearrange(Map<String, Tensor> tensors, Random random) {
        List<String> names = List.copyOf(tensors.keySet());
        String name = names.get(random.nextInt(names.size()));
        List<Long> shape = new ArrayList<>(requireNonNull(tensors.get(name)).shape());
        String number = NUMBERS.get(random.nextInt(NUMBERS.size()));
        switch (random.nextInt(6)) {
            case 0 -> tensors.remove(name);
            case 1 -> Rewritten.copy(tensors, name, name.replaceFirst("[0-9]+", number) + ".b");
            case 2 -> {
                Rewritten.copy(tensors, name, name.replaceFirst("[0-9]+", number));
                tensors.remove(name);
            }
            case 3 -> Rewritten.put(tensors, name, StoredType.I8, shape.toArray(new Long[0]));
            case 4 -> {
                long size = SIZES.get(random.nextInt(SIZES.size()));
                shape.set(random.nextInt(shape.size()), size);
                shape.add(0L);
                Rewritten.put(tensors, name, StoredType.F16, shape.toArray(new Long[0]));
            }
            default -> {
                shape.set(random.nextInt(shape.size()), SIZES.get(random.nextInt(3)));
                Rewritten.put(tensors, name, StoredType.F32, shape.toArray(new Long[0]));
            }
        }
    }

    private static byte[] flip(byte[] good, Random random) {
        byte[] bad = good.clone();
        for (int k = random.nextInt(4); k >= 0; k--) {
            bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
        }
        return random.nextInt(5) == 0
                ? java.util.Arrays.copyOf(bad, random.nextInt(bad.length))
                : bad;
    }

    /** Puts another value behind one of the file's colons. */
    private static byte[] replaceValue(byte[] good, Random random) {
        String text = new String(good, StandardCharsets.UTF_8);
        int colon = text.indexOf(": ", random.nextInt(text.length()));
        if (colon < 0) {
            return flip(good, random);
        }
        int end = colon + 2;
        while (end < text.length() && ",\n}".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        String value = VALUES.get(random.nextInt(VALUES.size()));
        return (text.substring(0, colon + 2) + value + text.substring(end))
                .getBytes(StandardCharsets.UTF_8);
    }
}
