package dev.stanstudio.scoring.vision;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stanstudio.base.image.PassOrder;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.ResampleFilter;
import dev.stanstudio.base.image.Resampler;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.scoring.ScoringGoldens;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every byte that the reference's image processors make. */
class PreprocessingGoldensTest {
    private static final List<Double> ANY = List.of(1.0, 1.0, 1.0);

    private static ImagePreprocessing of(String model) {
        return ImagePreprocessing.read(ScoringGoldens.model(model));
    }

    @ParameterizedTest
    @CsvSource({
        "tiny-clip,clip,crop_u8",
        "tiny-clip-legacy,clip,crop_u8",
        "tiny-dino,dino,hf.crop_u8",
        "tiny-dinov2,dinov2,crop_u8",
        "tiny-dinov2-reg,dinov2-reg,crop_u8"
    })
    void ownFileOfTheModel(String model, String file, String name) {
        ScoringGoldens.checkBytes(file, name, of(model), ScoringGoldens.pictures());
    }

    @Test
    void orderOfPillow12() {
        ScoringGoldens.checkBytes(
                "clip",
                "crop_u8.pillow12",
                of("tiny-clip").withPassOrder(PassOrder.PILLOW_12),
                ScoringGoldens.pictures());
    }

    @Test
    void cropOfTorchvision() {
        ScoringGoldens.checkBytes(
                "clip",
                "crop_u8.openai_rgb_first",
                of("tiny-clip").withCropRounding(CropRounding.HALF_TO_EVEN),
                ScoringGoldens.pictures());
    }

    @Test
    void transformOfDreamBooth() {
        ScoringGoldens.checkBytes(
                "dino",
                "crop_u8",
                ImagePreprocessing.dreamBooth(72, 64),
                ScoringGoldens.pictures());
    }

    @ParameterizedTest
    @CsvSource({
        "clip,crop_u8.96x80,96,80",
        "dino,96x80.crop_u8,96,80",
        "dino,32x128.crop_u8,32,128",
        "dinov2,98x98.crop_u8,98,98",
        "dinov2,112x84.crop_u8,112,84",
        "dinov2-reg,112x84.crop_u8,112,84"
    })
    void exactSizes(String file, String name, int height, int width) {
        Resize resize = new Resize.Exact(height, width, Resampler.of(ResampleFilter.BICUBIC));
        ScoringGoldens.checkBytes(
                file,
                name,
                new ImagePreprocessing(resize, null, 1, ANY, ANY),
                ScoringGoldens.pictures().subList(0, 4));
    }

    @Test
    void numbersOfClip() {
        try (Scope scope = Scope.open("test")) {
            ScoringGoldens.check(
                    "clip",
                    "pixel_values",
                    of("tiny-clip").pixels(scope, ScoringGoldens.pictures()));
        }
    }

    @Test
    void numbersOfDino() {
        try (Scope scope = Scope.open("test")) {
            ScoringGoldens.check(
                    "dino",
                    "pixel_values",
                    ImagePreprocessing.dreamBooth(72, 64).pixels(scope, ScoringGoldens.pictures()));
        }
    }

    /** Lossless files as a user has them; the three JPEGs may differ by a step of the decoder. */
    @Test
    void filesOfAUser() {
        List<Picture> ours = ScoringGoldens.pictures("images");
        List<Picture> theirs = ScoringGoldens.pictures();
        ImagePreprocessing steps = of("tiny-clip");
        int worst = 0;
        for (int i = 0; i < ours.size(); i++) {
            Picture a = steps.prepare(ours.get(i));
            Picture b = steps.prepare(theirs.get(i));
            for (int p = 0; p < a.width() * a.height() * 3; p++) {
                int x = p / 3 % a.width();
                int y = p / 3 / a.width();
                worst = Math.max(worst, Math.abs(a.sample(x, y, p % 3) - b.sample(x, y, p % 3)));
            }
        }
        System.out.println("crops of files as a user has them: worst difference " + worst);
        assertEquals(0, worst);
    }
}
