package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.schedule.LatentMath;
import java.util.List;

/** The samplers' arithmetic on tensors; {@code scope} owns the results until they are released. */
record TensorMath(Scope scope) implements LatentMath<Tensor> {
    @Override
    public Tensor combine(float[] coefficients, List<Tensor> terms) {
        double[] wide = new double[coefficients.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = coefficients[i];
        }
        return Tensors.combine(scope, wide, terms, terms.get(0).dtype());
    }

    @Override
    public void release(Tensor tensor) {
        scope.release(tensor);
    }
}
