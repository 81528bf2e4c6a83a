package dev.stanstudio.sd3.vae;

import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.TensorList;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.checkpoint.Weights;
import java.util.ArrayList;
import java.util.List;

/** RRDBNet (BasicSR rrdbnet_arch.py). */
final class DenseUpscaler extends UpscalerNetwork {
    private final int folding;
    private final TensorList first;
    private final List<TensorList> blocks = new ArrayList<>();
    private final TensorList body;
    private final List<TensorList> doublings = new ArrayList<>();
    private final TensorList colours;

    DenseUpscaler(UpscalerLayout.Dense layout, Weights weights, Placement placement) {
        super(weights, placement);
        folding = layout.folding();
        first = convolutions("conv_first");
        for (int block = 0; block < layout.blocks(); block++) {
            blocks.add(convolutions(names(block)));
        }
        body = convolutions("conv_body");
        for (int i = 1; i <= layout.doublings(); i++) {
            doublings.add(convolutions("conv_up" + i));
        }
        colours = convolutions("conv_hr", "conv_last");
    }

    private static String[] names(int block) {
        List<String> names = new ArrayList<>();
        for (int dense = 1; dense <= UpscalerLayout.Dense.DENSE_BLOCKS; dense++) {
            for (int i = 1; i <= UpscalerLayout.Dense.CONVOLUTIONS; i++) {
                names.add("body.%d.rdb%d.conv%d".formatted(block, dense, i));
            }
        }
        return names.toArray(String[]::new);
    }

    @Override
    Tensor run(Scope owner, Tensor pictures, Runnable beforeStage) {
        try (Scope pass = Scope.open("upscaler pass")) {
            Tensor input =
                    folding == 1 ? pictures : program().call(pass, "folded", pictures, folding);
            Tensor start = program().call(pass, "convolve", input, first);
            Tensor x = start;
            for (TensorList block : blocks) {
                beforeStage.run();
                Tensor y = program().call(pass, "residual_dense", x, block);
                if (x != start) {
                    pass.release(x);
                }
                x = y;
            }
            x = program().call(pass, "joined", x, start, body);
            pass.release(start);
            for (TensorList doubling : doublings) {
                beforeStage.run();
                Tensor y = program().call(pass, "doubled", x, doubling);
                pass.release(x);
                x = y;
            }
            beforeStage.run();
            return program().call(owner, "colours", x, colours);
        }
    }
}
