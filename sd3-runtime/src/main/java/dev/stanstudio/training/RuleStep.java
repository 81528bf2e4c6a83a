package dev.stanstudio.training;

import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.TensorList;
import dev.stanstudio.engine.Tensors;
import java.util.List;
import java.util.Map;

/**
 * One update by a rule. Valid during {@link OptimizerRule#move}.
 *
 * @param scope of the update
 * @param device of all tensors
 * @param parts groups of parameters; matrices and vectors are never in one, nor are those of which
 *     different things are remembered
 * @param number counted from 1
 * @param rate learning rate
 * @param numbers what the rule remembers, changed in place
 */
record RuleStep(
        Scope scope,
        Device device,
        List<Part> parts,
        long number,
        double rate,
        Map<String, Double> numbers) {

    /**
     * Parameters that one call moves.
     *
     * @param scope of the update
     * @param values parameters
     * @param slopes their gradients, clipped
     * @param memory tensors that are remembered, by name
     * @param decay weight decay
     * @param factor of the learning rate
     */
    record Part(
            Scope scope,
            List<Tensor> values,
            List<Tensor> slopes,
            Map<String, List<Tensor>> memory,
            double decay,
            double factor) {
        TensorList parameters() {
            return Tensors.list(scope, values);
        }

        TensorList gradients() {
            return Tensors.list(scope, slopes);
        }

        TensorList memory(String name) {
            List<Tensor> found = memory.get(name);
            if (found == null) {
                throw new IllegalArgumentException("nothing is remembered as " + name);
            }
            return Tensors.list(scope, found);
        }

        /** Returns whether that is remembered of all of them, or of none. */
        boolean remembers(String name) {
            return memory.containsKey(name);
        }

        boolean matrices() {
            return values.get(0).shape().length > 1;
        }
    }

    double rate(Part part) {
        return rate * part.factor();
    }

    double number(String name) {
        return numbers.getOrDefault(name, 0.0);
    }
}
