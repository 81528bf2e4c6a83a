package dev.stanstudio.pretrain.clip;

import dev.stanstudio.engine.Program;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.scoring.vision.ImagePreprocessing;
import dev.stanstudio.scoring.vision.PositionRule;
import dev.stanstudio.scoring.vision.VisionTower;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.checkpoint.Weights;
import dev.stanstudio.sd3.text.ClipTextEncoder;
import java.util.ArrayList;
import java.util.List;

/**
 * The networks of a {@link ClipShape} over one set of weights, which is read when it is first used
 * and must outlive this. Belongs to one thread.
 */
final class ClipTowers implements AutoCloseable {
    private final ClipShape shape;
    private final Placement placement;
    private final VisionTower vision;
    private final List<ClipTextEncoder> texts = new ArrayList<>();

    ClipTowers(ClipShape shape, Weights weights, Placement placement) {
        this.shape = shape;
        this.placement = placement;
        Weights own = new PartWeights(weights, "", VisionTower.shapes(shape.vision()).keySet());
        vision =
                VisionTower.load(
                        "clip-nano",
                        "training",
                        shape.vision(),
                        own,
                        placement,
                        PositionRule.TARGET_SIZE);
        for (ClipShape.Text text : shape.texts()) {
            Weights part =
                    new PartWeights(
                            weights, text.prefix(), ClipTextEncoder.shapes(text.config()).keySet());
            texts.add(ClipTextEncoder.load("clip-nano", text.config(), part, placement, false));
        }
    }

    static Program program() {
        return Holder.PROGRAM;
    }

    private static final class Holder {
        static final Program PROGRAM = Program.load(ClipTowers.class, "contrast.ts.py");
    }

    /** Features of pictures [B, H, W, 3] as bytes, a tensor [B, f] for each text tower. */
    List<Tensor> images(Scope scope, Tensor bytes) {
        Tensor pixels =
                Holder.PROGRAM.call(
                        scope,
                        "pixels",
                        bytes,
                        placement.device().toString(),
                        ImagePreprocessing.CLIP_MEAN.stream().mapToDouble(x -> x).toArray(),
                        ImagePreprocessing.CLIP_STD.stream().mapToDouble(x -> x).toArray(),
                        placement.dtype().scalarType());
        Tensor all = vision.features(scope, pixels);
        List<Tensor> each = new ArrayList<>();
        long from = 0;
        for (ClipShape.Text text : shape.texts()) {
            long to = from + text.config().projectionDim();
            each.add(Tensors.narrow(scope, all, 1, from, to));
            from = to;
        }
        return each;
    }

    /** Features [B, f] of rows of ids by text tower {@code index}. */
    Tensor texts(Scope scope, int index, long[][] ids) {
        try (Scope pass = Scope.open("text")) {
            ClipTextEncoder.Result result = texts.get(index).encode(pass, ids, 0, () -> {});
            return scope.adopt(result.pooled(), pass);
        }
    }

    @Override
    public void close() {
        texts.forEach(ClipTextEncoder::close);
        vision.close();
    }
}
