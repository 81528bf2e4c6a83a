package dev.stanstudio.adapter.file;

import dev.stanstudio.safetensors.StoredTensor;
import java.util.List;

/**
 * A changed weight as a file names it.
 *
 * @param stem what the keys of its tensors have in common
 * @param origin file and tensor, for errors
 * @param rows of the weight
 * @param columns of the weight, all axes but the first; 0 where the tensors do not say
 * @param linear whether it is known to be a matrix
 */
record StoredModule(String stem, String origin, long rows, long columns, boolean linear) {
    static StoredModule of(LoraPair pair) {
        List<Long> up = pair.up().info().shape();
        List<Long> down = pair.down().info().shape();
        StoredTensor stored = pair.up();
        return new StoredModule(
                pair.stem(),
                stored.file().path() + ": " + stored.info().name(),
                up.isEmpty() ? 0 : up.get(0),
                down.size() < 2 ? 0 : down.get(1),
                down.size() == 2);
    }
}
