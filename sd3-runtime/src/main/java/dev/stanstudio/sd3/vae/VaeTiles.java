package dev.stanstudio.sd3.vae;

import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a network over overlapping tiles and cross-fades them (diffusers autoencoder_kl.py,
 * tiled_decode and tiled_encode): bounded memory for large pictures.
 *
 * @param tile side of an input tile
 * @param outTile side of the output of a full tile
 */
record VaeTiles(int tile, int outTile) {
    private static final double OVERLAP = 0.25;
    private static final int ROWS = 2;
    private static final int COLUMNS = 3;

    /** Receives each tile. */
    @FunctionalInterface
    interface Network {
        Tensor run(Scope owner, Tensor tile);
    }

    private int step() {
        return (int) (tile * (1 - OVERLAP));
    }

    private int fade() {
        return (int) (outTile * OVERLAP);
    }

    private int keep() {
        return outTile - fade();
    }

    Tensor run(Scope owner, Tensor input, Network network) {
        try (Scope scope = Scope.open("tiles")) {
            List<Tensor> rows = new ArrayList<>();
            List<Tensor> above = List.of();
            for (long top = 0; top < input.size(2); top += step()) {
                List<Tensor> row = row(scope, input, top, network);
                rows.add(join(scope, row, above));
                above.forEach(scope::release);
                above = row;
            }
            return Tensors.concat(owner, rows, ROWS);
        }
    }

    private List<Tensor> row(Scope scope, Tensor input, long top, Network network) {
        List<Tensor> row = new ArrayList<>();
        for (long left = 0; left < input.size(3); left += step()) {
            try (Scope cut = Scope.open("tile")) {
                long bottom = Math.min(top + tile, input.size(2));
                long right = Math.min(left + tile, input.size(3));
                Tensor strip = Tensors.narrow(cut, input, ROWS, top, bottom);
                Tensor piece = Tensors.narrow(cut, strip, COLUMNS, left, right);
                row.add(network.run(scope, piece));
            }
        }
        return row;
    }

    /** Fades each tile into the one above and the one to the left, which are already faded. */
    private Tensor join(Scope scope, List<Tensor> row, List<Tensor> above) {
        List<Tensor> kept = new ArrayList<>();
        try (Scope cut = Scope.open("row")) {
            for (int j = 0; j < row.size(); j++) {
                if (!above.isEmpty()) {
                    replace(scope, row, j, above.get(j), ROWS);
                }
                if (j > 0) {
                    replace(scope, row, j, row.get(j - 1), COLUMNS);
                }
                Tensor tall = Tensors.narrow(cut, row.get(j), ROWS, 0, keep());
                kept.add(Tensors.narrow(cut, tall, COLUMNS, 0, keep()));
            }
            return Tensors.concat(scope, kept, COLUMNS);
        }
    }

    private void replace(Scope scope, List<Tensor> row, int j, Tensor neighbour, int axis) {
        Tensor old = row.get(j);
        row.set(j, VaeNetwork.program().call(scope, "blend", neighbour, old, axis, fade()));
        scope.release(old);
    }
}
