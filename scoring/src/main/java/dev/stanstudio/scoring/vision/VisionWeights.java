package dev.stanstudio.scoring.vision;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.TensorList;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.checkpoint.Weights;
import java.util.ArrayList;
import java.util.List;

/** Arranges a tower's tensors into the lists that vit.ts.py takes. */
record VisionWeights(VisionConfig config, Weights weights, Placement placement) {
    /** Index of the position table in the stem. */
    static final int POSITIONS = 3;

    private VisionKeys keys() {
        return VisionKeys.of(config.family());
    }

    private Tensor load(Scope scope, String name) {
        return placement.load(scope, weights, name);
    }

    /** Patch projection, class token, positions, then registers or the norm before the blocks. */
    TensorList stem(Scope scope) {
        boolean clip = config.family() == VisionFamily.CLIP;
        List<Tensor> list = new ArrayList<>();
        list.add(load(scope, keys().patch() + VisionKeys.WEIGHT));
        list.add(clip ? zeros(scope) : load(scope, keys().patch() + VisionKeys.BIAS));
        list.add(flat(scope, keys().classToken(), placement.dtype(), 1));
        // Positions are stretched in single precision, whatever the network computes in.
        long rows = 1L + (long) config.side() * config.side();
        list.add(flat(scope, keys().positions(), DType.FP32, rows));
        if (config.registers() > 0) {
            list.add(flat(scope, VisionKeys.REGISTERS, placement.dtype(), config.registers()));
        }
        if (clip) {
            list.add(load(scope, VisionKeys.PRE_NORM + VisionKeys.WEIGHT));
            list.add(load(scope, VisionKeys.PRE_NORM + VisionKeys.BIAS));
        }
        return Tensors.list(scope, list);
    }

    private Tensor flat(Scope scope, String name, DType dtype, long rows) {
        Tensor stored = placement.load(scope, weights, name, dtype);
        return Tensors.reshape(scope, stored, new long[] {rows, config.width()});
    }

    private Tensor zeros(Scope scope) {
        long[] shape = {config.width()};
        return Tensors.zeros(scope, shape, placement.dtype(), placement.device());
    }

    TensorList block(Scope scope, int index) {
        List<Tensor> list = new ArrayList<>();
        for (VisionKeys.Part part : VisionKeys.Part.values()) {
            String name = keys().part(config, index, part);
            list.add(load(scope, name + VisionKeys.WEIGHT));
            boolean bias = VisionKeys.hasBias(config, part);
            list.add(bias ? load(scope, name + VisionKeys.BIAS) : zeros(scope));
        }
        if (config.family().isDinov2()) {
            keys().scales(index).forEach(name -> list.add(load(scope, name)));
        }
        return Tensors.list(scope, list);
    }

    TensorList head(Scope scope) {
        return Tensors.list(
                scope, keys().head(config).stream().map(name -> load(scope, name)).toList());
    }
}
