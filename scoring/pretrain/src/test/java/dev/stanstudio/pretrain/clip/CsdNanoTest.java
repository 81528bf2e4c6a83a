package dev.stanstudio.pretrain.clip;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.pretrain.NanoData;
import dev.stanstudio.scoring.metric.Vectors;
import dev.stanstudio.scoring.vision.CsdModel;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.synth.paint.ArtStyle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The CSD that comes with the program tells all styles apart, whatever a picture shows. */
class CsdNanoTest {
    private static final Path FOLDER = Path.of("..", "models", "csd-nano");
    private static final int REFERENCES = 5;
    private static final int PICTURES = 8;

    private final Map<String, float[][]> units = new LinkedHashMap<>();

    /** Mean cosine of picture {@code index} of a style to the references of {@code other}. */
    private double cosine(String style, int index, String other) {
        double sum = 0;
        for (int i = 0; i < REFERENCES; i++) {
            sum += Vectors.dot(units.get(style)[index], units.get(other)[i]);
        }
        return sum / REFERENCES;
    }

    @Test
    void everyStyleIsNearerToItselfThanToOthers() {
        Map<String, List<Picture>> pictures = NanoData.heldOutByStyle(PICTURES, ArtStyle.unseen());
        try (CsdModel model = CsdModel.open(FOLDER, new Placement(Device.CPU, DType.FP32))) {
            pictures.forEach(
                    (style, own) -> units.put(style, Vectors.units(model.embedder().embed(own))));
        }
        List<String> styles = new ArrayList<>(units.keySet());
        double right = 0;
        double gap = 0;
        for (String style : styles) {
            for (int i = REFERENCES; i < PICTURES; i++) {
                String nearest = style;
                for (String other : styles) {
                    double found = cosine(style, i, other);
                    nearest = found > cosine(style, i, nearest) ? other : nearest;
                    gap += other.equals(style) ? found : -found / (styles.size() - 1);
                }
                right += nearest.equals(style) ? 1 : 0;
            }
        }
        int all = styles.size() * (PICTURES - REFERENCES);
        System.out.println("nearest style right: " + right / all + ", gap " + gap / all);
        assertTrue(right / all >= 0.75, "style named for " + right / all);
        assertTrue(gap / all >= 0.55, "own style is nearer by " + gap / all);
    }
}
