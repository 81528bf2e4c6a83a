package dev.stanstudio.sd3.generate;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.EngineException;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import java.util.List;
import java.util.stream.Stream;

/** Tries which types a device computes in: a small sum and its copy back must be right. */
final class DTypeProbe {
    private DTypeProbe() {}

    static List<String> working(Device device) {
        return Stream.of(DType.FP32, DType.FP16, DType.BF16)
                .filter(dtype -> works(device, dtype))
                .map(DType::label)
                .toList();
    }

    private static boolean works(Device device, DType dtype) {
        try (Scope scope = Scope.open("probe")) {
            Tensor ones = Tensors.of(scope, new float[] {1, 2, 3, 4}, 2, 2);
            Tensor there = Tensors.to(scope, ones, device, dtype);
            Tensor sum = Tensors.combine(scope, new double[] {1, 2}, List.of(there, there), dtype);
            float[] back = sum.toFloats();
            return back[0] == 3 && back[3] == 12;
        } catch (EngineException e) {
            return false;
        }
    }
}
