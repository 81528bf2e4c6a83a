package dev.stanstudio.pretrain.clip;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.scoring.vision.ClipModel;
import dev.stanstudio.sd3.checkpoint.Placement;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The CLIP that comes with the program tells held-out scenes apart. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClipNanoTest {
    private static final Path FOLDER = Path.of("..", "models", "clip-nano");

    private final ClipModel model = ClipModel.open(FOLDER, new Placement(Device.CPU, DType.FP32));
    private final List<CaptionedPicture> items = ClipData.heldOut(128);
    private final List<String> captions = items.stream().map(CaptionedPicture::caption).toList();
    private final List<Picture> pictures = items.stream().map(CaptionedPicture::picture).toList();

    /** Loads the tensors that the model keeps, before leaks are counted. */
    @BeforeAll
    void warmUp() {
        model.embed(captions.subList(0, 1));
        model.images().embed(pictures.subList(0, 1));
    }

    @AfterAll
    void close() {
        model.close();
    }

    @Test
    void picksTheRightCaptionAmong64() {
        CaptionChoice.Result result = new CaptionChoice(model, 64).measure(captions, pictures);
        System.out.println("right caption among 64: " + 100 * result.right() + " %");
        assertTrue(result.right() >= 0.6, "only " + result.right());
    }

    @Test
    void wrongPicturesGetWrongCaptions() {
        List<String> moved = new java.util.ArrayList<>(captions.subList(1, captions.size()));
        moved.add(captions.get(0));
        CaptionChoice.Result result = new CaptionChoice(model, 32).measure(moved, pictures);
        assertTrue(result.right() <= 0.15, "chance is 1 in 32, not " + result.right());
    }

    @Test
    void aChoiceNeedsEnoughCaptions() {
        assertThrows(ArgumentException.class, () -> new CaptionChoice(model, 1));
        assertThrows(
                ArgumentException.class,
                () -> new CaptionChoice(model, 500).measure(captions, pictures));
    }
}
