package dev.stanstudio.sd3.vae;

import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.TensorList;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.checkpoint.Weights;
import java.util.ArrayList;
import java.util.List;

/** SRVGGNetCompact (Real-ESRGAN srvgg_arch.py) with parametric slopes. */
final class CompactUpscaler extends UpscalerNetwork {
    private final int scale;
    private final List<TensorList> sloped = new ArrayList<>();
    private final TensorList last;

    CompactUpscaler(UpscalerLayout.Compact layout, Weights weights, Placement placement) {
        super(weights, placement);
        scale = layout.scale();
        for (int i = 0; i < layout.last(); i += 2) {
            String convolution = "body." + i;
            String slopes = "body." + (i + 1);
            sloped.add(
                    tensors(
                            List.of(
                                    convolution + ".weight",
                                    convolution + ".bias",
                                    slopes + ".weight")));
        }
        last = convolutions("body." + layout.last());
    }

    @Override
    Tensor run(Scope owner, Tensor pictures, Runnable beforeStage) {
        try (Scope pass = Scope.open("upscaler pass")) {
            Tensor x = pictures;
            for (TensorList one : sloped) {
                beforeStage.run();
                Tensor y = program().call(pass, "sloped", x, one);
                if (x != pictures) {
                    pass.release(x);
                }
                x = y;
            }
            return program().call(owner, "unfolded", x, pictures, last, scale);
        }
    }
}
