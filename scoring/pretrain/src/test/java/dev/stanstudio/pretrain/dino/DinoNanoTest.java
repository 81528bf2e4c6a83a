package dev.stanstudio.pretrain.dino;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.scoring.vision.PositionRule;
import dev.stanstudio.scoring.vision.VisionModel;
import dev.stanstudio.sd3.checkpoint.Placement;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The DINO that comes with the program knows styles it was never told of. */
class DinoNanoTest {
    private static final Path FOLDER = Path.of("..", "models", "dino-nano");
    private static final int KNOWN = 2000;
    private static final int HELD_OUT = 230;

    private static double share(Map<String, StyleKnowledge.Count> counts) {
        double right = counts.values().stream().mapToInt(StyleKnowledge.Count::right).sum();
        return right / counts.values().stream().mapToInt(StyleKnowledge.Count::all).sum();
    }

    @Test
    void neighboursShareAStyle() {
        List<StyledPicture> known = DinoData.known(DinoData.training(KNOWN), KNOWN);
        List<StyledPicture> heldOut = DinoData.heldOut(HELD_OUT);
        Placement placement = new Placement(Device.CPU, DType.FP32);
        try (VisionModel model = VisionModel.open(FOLDER, placement, PositionRule.TARGET_SIZE)) {
            StyleKnowledge knowledge = new StyleKnowledge(model.embedder(), known);
            Map<String, StyleKnowledge.Count> counts = knowledge.name(heldOut);
            System.out.println("style named with " + KNOWN + " known: " + share(counts));
            assertEquals(23, counts.size());
            // A third of the pictures that the model card's figure is measured with.
            assertTrue(share(counts) >= 0.72, counts.toString());
        }
    }
}
