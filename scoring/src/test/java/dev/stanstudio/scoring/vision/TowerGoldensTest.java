package dev.stanstudio.scoring.vision;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.scoring.ScoringGoldens;
import dev.stanstudio.scoring.metric.Vectors;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.testing.Goldens;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every image tower against the reference's outputs on the same weights and crops. */
class TowerGoldensTest {
    private static VisionModel open(String model, PositionRule rule) {
        return VisionModel.open(ScoringGoldens.model(model), ScoringGoldens.FP32, rule);
    }

    @ParameterizedTest
    @CsvSource({
        "tiny-dino,dino,crop_u8,features",
        "tiny-dino,dino,hf.crop_u8,hf.features",
        "tiny-dino,dino,96x80.crop_u8,96x80.features",
        "tiny-dino,dino,32x128.crop_u8,32x128.features",
        "tiny-dinov2,dinov2,crop_u8,features",
        "tiny-dinov2,dinov2,98x98.crop_u8,98x98.features",
        "tiny-dinov2,dinov2,112x84.crop_u8,112x84.features",
        "tiny-dinov2-reg,dinov2-reg,crop_u8,features",
        "tiny-dinov2-reg,dinov2-reg,98x98.crop_u8,98x98.features",
        "tiny-dinov2-reg,dinov2-reg,112x84.crop_u8,112x84.features"
    })
    void features(String folder, String file, String crops, String features) {
        try (VisionModel model = open(folder, PositionRule.TARGET_SIZE);
                Scope scope = Scope.open("test")) {
            Tensor pixels = ScoringGoldens.pixels(scope, file, crops, model.preprocessing());
            Tensor ours = model.tower().features(scope, pixels);
            ScoringGoldens.check(file, features, ours);
            if (features.equals("features")) {
                float[][] units = Vectors.units(Features.rows(ours, model.tower().id()));
                ScoringGoldens.check(file, "embeds", ScoringGoldens.rows(scope, units));
                Tensor two = Tensors.narrow(scope, pixels, 0, 0, 2);
                ScoringGoldens.check(file, "last_hidden_state", model.tower().states(scope, two));
                hidden(scope, file, model.tower(), Tensors.narrow(scope, pixels, 0, 0, 1), "");
            }
        }
    }

    private static void hidden(
            Scope scope, String file, VisionTower tower, Tensor pixels, String prefix) {
        for (int i = 0; i <= tower.config().layers(); i++) {
            ScoringGoldens.check(file, prefix + "hidden." + i, tower.hidden(scope, pixels, i));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "tiny-dino,dino,96x80.pos,12,10",
        "tiny-dino,dino,32x128.pos,4,16",
        "tiny-dinov2,dinov2,pos,5,5",
        "tiny-dinov2,dinov2,98x98.pos,7,7",
        "tiny-dinov2,dinov2,112x84.pos,8,6",
        "tiny-dinov2-reg,dinov2-reg,pos,5,5",
        "tiny-dinov2-reg,dinov2-reg,98x98.pos,7,7",
        "tiny-dinov2-reg,dinov2-reg,112x84.pos,8,6"
    })
    void positions(String folder, String file, String name, int rows, int columns) {
        try (VisionModel model = open(folder, PositionRule.TARGET_SIZE)) {
            checkPositions(model, file, name, rows, columns);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "tiny-dino,dino,96x80.pos.original,12,10",
        "tiny-dino,dino,32x128.pos.original,4,16",
        "tiny-dinov2,dinov2,pos.original,5,5",
        "tiny-dinov2,dinov2,112x84.pos.original,8,6"
    })
    void positionsOfTheAuthors(String folder, String file, String name, int rows, int columns) {
        try (VisionModel model = open(folder, PositionRule.OFFSET)) {
            checkPositions(model, file, name, rows, columns);
        }
    }

    private static void checkPositions(
            VisionModel model, String file, String name, int rows, int columns) {
        try (Scope scope = Scope.open("test")) {
            Tensor table = model.tower().positions(scope, rows, columns);
            long[] shape = {1, table.size(0), table.size(1)};
            ScoringGoldens.check(file, name, Tensors.reshape(scope, table, shape));
        }
    }

    @ParameterizedTest
    @CsvSource({"96x80", "32x128"})
    void featuresWithTheAuthorsPositions(String size) {
        try (VisionModel model = open("tiny-dino", PositionRule.OFFSET);
                Scope scope = Scope.open("test")) {
            Tensor pixels =
                    ScoringGoldens.pixels(scope, "dino", size + ".crop_u8", model.preprocessing());
            ScoringGoldens.check(
                    "dino", size + ".features.original", model.tower().features(scope, pixels));
        }
    }

    @ParameterizedTest
    @CsvSource({"tiny-clip", "tiny-clip-legacy"})
    void clip(String folder) {
        try (ClipModel model = ClipModel.open(ScoringGoldens.model(folder), ScoringGoldens.FP32);
                Scope scope = Scope.open("test")) {
            ImagePreprocessing steps = model.preprocessing();
            for (String variant :
                    new String[] {
                        "",
                        ".pillow12",
                        ".openai",
                        ".openai_rgb_first",
                        ".hf5_alpha_on_white",
                        ".hf5_torchvision",
                        ".96x80"
                    }) {
                Tensor pixels = ScoringGoldens.pixels(scope, "clip", "crop_u8" + variant, steps);
                ScoringGoldens.check(
                        "clip", "image_features" + variant, model.vision().features(scope, pixels));
            }
            Tensor all = ScoringGoldens.pixels(scope, "clip", "crop_u8", steps);
            hidden(scope, "clip", model.vision(), Tensors.narrow(scope, all, 0, 0, 2), "vision.");
            Tensor table = model.vision().positions(scope, 6, 5);
            ScoringGoldens.check(
                    "clip", "pos.96x80", Tensors.reshape(scope, table, new long[] {1, 31, 32}));
        }
    }

    @ParameterizedTest
    @CsvSource({"tiny-dino,dino", "tiny-dinov2,dinov2", "tiny-dinov2-reg,dinov2-reg"})
    void sparseConfigsMeanTheSameModel(String folder, String file, @TempDir Path copy) {
        Path sparse = ScoringGoldens.withConfig(copy, folder, "config.sparse.json");
        try (VisionModel full = open(folder, PositionRule.TARGET_SIZE);
                VisionModel model =
                        VisionModel.open(sparse, ScoringGoldens.FP32, PositionRule.TARGET_SIZE);
                Scope scope = Scope.open("test")) {
            assertEquals(full.tower().config(), model.tower().config());
            Tensor pixels = ScoringGoldens.pixels(scope, file, "crop_u8", model.preprocessing());
            ScoringGoldens.check(file, "features", model.tower().features(scope, pixels));
        }
    }

    @Test
    void picturesToFeatures() {
        try (VisionModel model = open("tiny-dinov2", PositionRule.TARGET_SIZE);
                Scope scope = Scope.open("test")) {
            float[][] ours = model.embedder().embed(ScoringGoldens.pictures());
            ScoringGoldens.check("dinov2", "features", ScoringGoldens.rows(scope, ours));
        }
    }

    /** Double precision shows that what is left of the error is rounding. */
    @Test
    void inDoublePrecision() {
        try (Goldens.File golden = ScoringGoldens.tensors("dino");
                VisionModel model =
                        VisionModel.open(
                                ScoringGoldens.model("tiny-dino"),
                                new Placement(Device.CPU, DType.FP64),
                                PositionRule.TARGET_SIZE);
                Scope scope = Scope.open("test")) {
            Tensor pixels = golden.tensor("pixel_values");
            Tensor ours = model.tower().features(scope, pixels);
            Goldens.compare("dino features.f64", ours, golden.tensor("features.f64"), 1e-6);
        }
    }
}
