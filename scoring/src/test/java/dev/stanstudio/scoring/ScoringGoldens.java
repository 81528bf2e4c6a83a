package dev.stanstudio.scoring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.scoring.vision.ImagePreprocessing;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.testing.Goldens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** The reference outputs of the metric models and what their tests share. */
public final class ScoringGoldens {
    public static final Placement FP32 = new Placement(Device.CPU, DType.FP32);

    private ScoringGoldens() {}

    /** The folder of a reference model. */
    public static Path model(String name) {
        return Goldens.path("scoring/" + name);
    }

    public static Goldens.File tensors(String name) {
        return new Goldens.File("scoring/" + name + ".safetensors");
    }

    /** The pictures in the order of the rows of every tensor, decoded by the reference. */
    public static List<Picture> pictures() {
        return pictures("decoded");
    }

    public static List<Picture> pictures(String folder) {
        try (Stream<Path> files = Files.list(Goldens.path("scoring/" + folder))) {
            return files.sorted().map(Picture::read).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The tolerance that the reference states for tensor {@code name} of {@code file}. */
    public static double tolerance(String file, String name) {
        JsonNode row =
                Goldens.json("scoring/index.json")
                        .path("files")
                        .path(file + ".safetensors")
                        .path(name);
        return row.path("tolerance").asDouble();
    }

    /** Compares with tensor {@code name} of {@code file} within its own tolerance. */
    public static void check(String file, String name, Tensor ours) {
        try (Goldens.File golden = tensors(file)) {
            Goldens.compare(file + " " + name, ours, golden.tensor(name), tolerance(file, name));
        }
    }

    /** The model's input for the reference's own crops, tensor {@code crops} of {@code file}. */
    public static Tensor pixels(Scope scope, String file, String crops, ImagePreprocessing steps) {
        try (Goldens.File golden = tensors(file)) {
            Tensor bytes = golden.tensor(crops);
            float[] values = bytes.toFloats();
            int plane = Math.toIntExact(bytes.size(2) * bytes.size(3));
            for (int i = 0; i < values.length; i++) {
                int c = i / plane % 3;
                float scaled = (float) (values[i] * steps.rescale());
                values[i] =
                        (scaled - steps.mean().get(c).floatValue())
                                / steps.std().get(c).floatValue();
            }
            return Tensors.of(scope, values, bytes.shape());
        }
    }

    /** Feature rows as a tensor. */
    public static Tensor rows(Scope scope, float[][] rows) {
        float[] flat = new float[rows.length * rows[0].length];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, flat, i * rows[i].length, rows[i].length);
        }
        return Tensors.of(scope, flat, rows.length, rows[0].length);
    }

    /** Every byte of every prepared picture against tensor {@code name} of {@code file}. */
    public static void checkBytes(
            String file, String name, ImagePreprocessing steps, List<Picture> pictures) {
        try (Goldens.File golden = tensors(file)) {
            Tensor theirs = golden.tensor(name);
            assertEquals(theirs.size(0), pictures.size(), name + ": pictures");
            byte[] expected = theirs.toBytes();
            int at = 0;
            for (int i = 0; i < pictures.size(); i++) {
                Picture ours = steps.prepare(pictures.get(i));
                assertEquals(theirs.size(2), ours.height(), name + ": height");
                assertEquals(theirs.size(3), ours.width(), name + ": width");
                for (int c = 0; c < 3; c++) {
                    for (int y = 0; y < ours.height(); y++) {
                        for (int x = 0; x < ours.width(); x++) {
                            int byteThere = expected[at++] & 0xFF;
                            if (ours.sample(x, y, c) != byteThere) {
                                assertEquals(
                                        byteThere,
                                        ours.sample(x, y, c),
                                        name
                                                + " picture "
                                                + i
                                                + " channel "
                                                + c
                                                + " at "
                                                + x
                                                + ","
                                                + y);
                            }
                        }
                    }
                }
            }
            System.out.printf("%-48s %d bytes equal%n", file + " " + name, at);
        }
    }

    /** A copy of a reference model's folder with another config.json. */
    public static Path withConfig(Path into, String model, String config) {
        try {
            try (Stream<Path> files = Files.list(model(model))) {
                for (Path file : files.toList()) {
                    Files.copy(file, into.resolve(file.getFileName()));
                }
            }
            Files.copy(
                    into.resolve(config),
                    into.resolve("config.json"),
                    StandardCopyOption.REPLACE_EXISTING);
            return into;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
