package dev.stanstudio.scoring.vision;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.image.PassOrder;
import dev.stanstudio.engine.DeviceOptions;
import dev.stanstudio.sd3.checkpoint.Placement;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Lists the towers to open, with their options as text: it can be sent to another machine.
 *
 * @param folders model folder by tower
 * @param device as {@link DeviceOptions#device} takes it; null leaves the choice to the machine
 * @param dtype as {@link DeviceOptions#type(String)} takes it
 * @param preprocessing pillow-13, pillow-12 or torchvision
 * @param positions target-size or offset
 */
public record TowersPlan(
        Map<TowerKind, String> folders,
        @Nullable String device,
        String dtype,
        String preprocessing,
        String positions)
        implements Serializable {
    /** Keeps a copy of the folders. */
    public TowersPlan {
        Map<TowerKind, String> copy = new EnumMap<>(TowerKind.class);
        copy.putAll(folders);
        folders = copy;
    }

    /**
     * Opens the towers on this machine.
     *
     * @throws ArgumentException that says which word means nothing
     * @throws dev.stanstudio.base.UserException that names the file and what does not fit
     */
    public Towers open() {
        Placement placement =
                new Placement(DeviceOptions.device(device), DeviceOptions.type(dtype));
        Map<TowerKind, Path> paths = new EnumMap<>(TowerKind.class);
        folders.forEach((kind, folder) -> paths.put(kind, Path.of(folder)));
        return Towers.open(paths, placement, steps(), rule());
    }

    private UnaryOperator<ImagePreprocessing> steps() {
        return switch (preprocessing) {
            case "pillow-13" -> steps -> steps;
            case "pillow-12" -> steps -> steps.withPassOrder(PassOrder.PILLOW_12);
            case "torchvision" -> steps -> steps.withCropRounding(CropRounding.HALF_TO_EVEN);
            default ->
                    throw new ArgumentException(
                            "--preprocessing must be pillow-13, pillow-12 or torchvision, not '"
                                    + preprocessing
                                    + "'");
        };
    }

    private PositionRule rule() {
        return switch (positions) {
            case "target-size" -> PositionRule.TARGET_SIZE;
            case "offset" -> PositionRule.OFFSET;
            default ->
                    throw new ArgumentException(
                            "--positions must be target-size or offset, not '" + positions + "'");
        };
    }
}
