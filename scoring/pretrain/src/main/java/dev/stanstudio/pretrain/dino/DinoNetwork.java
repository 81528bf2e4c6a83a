package dev.stanstudio.pretrain.dino;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Program;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.TensorList;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.scoring.vision.ImagePreprocessing;
import dev.stanstudio.scoring.vision.PositionRule;
import dev.stanstudio.scoring.vision.VisionTower;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.checkpoint.Weights;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;

/**
 * Tower and head over one set of weights, which is read when it is first used and must outlive
 * this. Belongs to one thread.
 */
final class DinoNetwork implements AutoCloseable {
    private static final double[] MEAN =
            ImagePreprocessing.IMAGENET_MEAN.stream().mapToDouble(x -> x).toArray();
    private static final double[] STD =
            ImagePreprocessing.IMAGENET_STD.stream().mapToDouble(x -> x).toArray();

    private final Weights weights;
    private final Placement placement;
    private final VisionTower tower;

    private static final class Holder {
        static final Program PROGRAM = Program.load(DinoNetwork.class, "dino.ts.py");
    }

    DinoNetwork(DinoShape shape, Weights weights, Placement placement) {
        this.weights = weights;
        this.placement = placement;
        Set<String> names = VisionTower.shapes(shape.vision()).keySet();
        tower =
                VisionTower.load(
                        "dino-nano",
                        "training",
                        shape.vision(),
                        new TowerWeights(weights, names),
                        placement,
                        PositionRule.TARGET_SIZE);
    }

    static Program program() {
        return Holder.PROGRAM;
    }

    /** Pictures of one size [B, 3, H, W] in 0 … 1 on the network's device. */
    static Tensor pixels(Scope scope, List<Picture> pictures, Placement placement) {
        Picture first = pictures.get(0);
        ByteBuffer bytes = ByteBuffer.allocateDirect(first.samples().length * pictures.size());
        pictures.forEach(picture -> bytes.put(picture.samples()));
        Tensor raw =
                Tensors.ofBytes(
                        scope,
                        bytes.flip(),
                        DType.UINT8,
                        pictures.size(),
                        first.height(),
                        first.width(),
                        3);
        return Holder.PROGRAM.call(scope, "unit_pixels", raw, placement.device().toString());
    }

    /** Features [B, d] of views of pixels [B, 3, H, W]. */
    Tensor features(Scope scope, Tensor pixels, Views views, int side) {
        Tensor seen =
                Holder.PROGRAM.call(
                        scope,
                        "view",
                        pixels,
                        views.matrices(),
                        views.looks(),
                        side,
                        MEAN,
                        STD,
                        placement.dtype().scalarType());
        return tower.features(scope, seen);
    }

    /** Features [B, d] of whole pictures, as the exported model sees them. */
    Tensor features(Scope scope, Tensor pixels) {
        Tensor seen =
                Holder.PROGRAM.call(
                        scope, "normal", pixels, MEAN, STD, placement.dtype().scalarType());
        return tower.features(scope, seen);
    }

    /** Scores of the prototypes [B, K], in fp32. */
    Tensor scores(Scope scope, Tensor features) {
        List<Tensor> head = DinoShape.HEAD.stream().map(name -> weights.open(scope, name)).toList();
        TensorList list = Tensors.list(scope, head);
        return Holder.PROGRAM.call(scope, "head", features, list);
    }

    @Override
    public void close() {
        tower.close();
    }
}
