package dev.stanstudio.scoring.score;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.safetensors.SafetensorsFile;
import dev.stanstudio.safetensors.TensorInfo;
import dev.stanstudio.scoring.compute.LocalExtractor;
import dev.stanstudio.scoring.manifest.ListedPicture;
import dev.stanstudio.scoring.manifest.PictureList;
import dev.stanstudio.scoring.manifest.Problem;
import dev.stanstudio.scoring.vision.PositionRule;
import dev.stanstudio.scoring.vision.TowerKind;
import dev.stanstudio.scoring.vision.Towers;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.synth.SynthCollection;
import dev.stanstudio.synth.SynthSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Features as a file: a row for every picture that can be read, and no other. */
class FeatureTableTest {
    private static final Placement FP32 = new Placement(Device.CPU, DType.FP32);
    private static final int COUNT = 5;

    @TempDir private Path folder;

    private record Silent() implements ScoreListener {
        @Override
        public void onStage(String what, long total) {}

        @Override
        public void onDone(long done) {}
    }

    private static float[] row(ByteBuffer bytes, int index, int width) {
        float[] row = new float[width];
        bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().position(index * width).get(row);
        return row;
    }

    /** A list of one picture under a name. */
    private record One(String file, Path path) implements PictureList {
        @Override
        public String name() {
            return "one";
        }

        @Override
        public long size() {
            return 1;
        }

        @Override
        public void forEach(Visitor visitor) {
            visitor.onPicture(new ListedPicture(file, null, "mine", null, null, null, null), path);
        }
    }

    @Test
    void whatAFileOfNamesCannotHoldAndWhatIsNotFollowedIsNamed() throws IOException {
        Path clear = folder.resolve("clear.png");
        Picture.of(2, 2, PixelMode.GREY_ALPHA, new byte[8]).writePng(clear);
        Map<TowerKind, Path> models = Map.of(TowerKind.CLIP, Path.of("models", "clip-nano"));
        try (Towers towers = Towers.open(models, FP32, s -> s, PositionRule.TARGET_SIZE)) {
            FeatureTable table =
                    new FeatureTable(new LocalExtractor(towers.images()), 2, new Silent());
            table.read(new One("a\nb.png", clear), towers.images().keySet());
            table.read(new One("c.png", clear), towers.images().keySet());
            assertEquals(1, table.size());
            assertEquals("a b.png", table.problems().get(0).where());
            assertEquals(
                    new Problem(
                            Problem.Kind.TRANSPARENT,
                            "1 picture",
                            Problem.Kind.TRANSPARENT.words()),
                    table.problems().get(1));
        }
    }

    @Test
    void everyPictureThatCanBeReadHasItsRow() throws IOException {
        Path pictures = Files.createDirectories(folder.resolve("pictures"));
        SynthCollection drawn = new SynthCollection(SynthSpec.all());
        List<Picture> kept = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            kept.add(drawn.item(4, i).picture());
            kept.get(i).writePng(pictures.resolve("p" + i + ".png"));
        }
        Files.writeString(pictures.resolve("p1b.png"), "no picture");
        Map<TowerKind, Path> models =
                Map.of(
                        TowerKind.CLIP, Path.of("models", "clip-nano"),
                        TowerKind.DINO, Path.of("models", "dino-nano"));
        Path file = folder.resolve("features.safetensors");
        try (Towers towers = Towers.open(models, FP32, s -> s, PositionRule.TARGET_SIZE)) {
            FeatureTable table =
                    new FeatureTable(new LocalExtractor(towers.images()), 2, new Silent());
            table.read(
                    PictureList.open(pictures, new PictureList.Defaults("mine", null)),
                    towers.images().keySet());
            table.write(file, towers.images());
            assertEquals(COUNT, table.size());
            assertEquals(1, table.problems().size(), table.problems().toString());
            assertTrue(table.problems().get(0).where().contains("p1b.png"));
            SafetensorsFile read = SafetensorsFile.open(file);
            assertEquals("p0.png\np1.png\np2.png\np3.png\np4.png", read.metadata().get("pictures"));
            towers.images()
                    .forEach(
                            (kind, tower) -> {
                                TensorInfo info = read.tensors().get(kind.key());
                                assertNotNull(info, kind.key());
                                ByteBuffer rows =
                                        ByteBuffer.allocate((int) info.byteSize())
                                                .order(ByteOrder.LITTLE_ENDIAN);
                                read.read(info, 0, rows);
                                assertArrayEquals(
                                        tower.embed(List.of(kept.get(3)))[0],
                                        row(rows.flip(), 3, tower.dimensions()),
                                        1e-4f);
                            });
        }
    }
}
