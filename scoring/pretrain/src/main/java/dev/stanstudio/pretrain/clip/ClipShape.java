package dev.stanstudio.pretrain.clip;

import dev.stanstudio.scoring.vision.VisionConfig;
import dev.stanstudio.scoring.vision.VisionTower;
import dev.stanstudio.sd3.text.ClipTextConfig;
import dev.stanstudio.sd3.text.ClipTextEncoder;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An image tower and the text towers that learn with it. The image tower's projection has rows for
 * each text tower in turn.
 */
public record ClipShape(VisionConfig vision, List<Text> texts) {
    /**
     * A text tower.
     *
     * @param prefix what its tensors' names begin with here
     * @param tokenizer name of the folder of its tokenizer
     * @param padding the token that fills its rows
     * @param scale name of the logarithm of its factor between cosines and logits
     */
    public record Text(
            String prefix, String tokenizer, String padding, String scale, ClipTextConfig config) {
        /** Returns the names of the tower's tensors here. */
        Set<String> names() {
            return ClipTextEncoder.shapes(config).keySet().stream()
                    .map(name -> prefix + name)
                    .collect(Collectors.toCollection(LinkedHashSet::new));
        }
    }

    /** Refuses towers whose projections do not fit. */
    public ClipShape {
        texts = List.copyOf(texts);
        int rows = texts.stream().mapToInt(text -> text.config().projectionDim()).sum();
        if (rows != vision.projection()) {
            throw new IllegalArgumentException(
                    "the image tower projects to %s, the texts to %s"
                            .formatted(vision.projection(), rows));
        }
    }

    /** Shape by name of everything that is trained. */
    Map<String, long[]> shapes() {
        Map<String, long[]> shapes = new LinkedHashMap<>(VisionTower.shapes(vision));
        for (Text text : texts) {
            ClipTextEncoder.shapes(text.config())
                    .forEach((name, shape) -> shapes.put(text.prefix() + name, shape));
            shapes.put(text.scale(), new long[0]);
        }
        return shapes;
    }
}
