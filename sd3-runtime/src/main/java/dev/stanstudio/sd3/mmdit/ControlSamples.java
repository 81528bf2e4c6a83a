package dev.stanstudio.sd3.mmdit;

import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import java.util.ArrayList;
import java.util.List;

/**
 * The outputs of control networks, which a transformer adds to its image tokens after each block
 * but the last. Each network's outputs are spread evenly over the blocks, so that networks of
 * different depths act together.
 *
 * @param networks for each network its outputs [B, N, d], scaled, first block first
 */
public record ControlSamples(List<List<Tensor>> networks) {
    /** No network. */
    public static final ControlSamples NONE = new ControlSamples(List.of());

    /** Copies the lists; refuses a network without outputs. */
    public ControlSamples {
        networks = networks.stream().map(List::copyOf).toList();
        if (networks.stream().anyMatch(List::isEmpty)) {
            throw new IllegalArgumentException("a control network has no outputs");
        }
    }

    /** Returns what is added after block {@code index} of {@code layers}. */
    List<Tensor> after(int index, int layers) {
        return networks.stream()
                .map(samples -> samples.get((int) (index / ((double) layers / samples.size()))))
                .toList();
    }

    /** Rows {@code from … to−1} of the batch, sharing memory. */
    public ControlSamples rows(Scope scope, long from, long to) {
        List<List<Tensor>> parts = new ArrayList<>();
        for (List<Tensor> samples : networks) {
            parts.add(
                    samples.stream()
                            .map(sample -> Tensors.narrow(scope, sample, 0, from, to))
                            .toList());
        }
        return new ControlSamples(parts);
    }
}
