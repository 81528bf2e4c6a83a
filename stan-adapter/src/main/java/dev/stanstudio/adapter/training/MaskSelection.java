package dev.stanstudio.adapter.training;

import dev.stanstudio.adapter.kind.SparseMask;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.TensorList;
import dev.stanstudio.engine.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Chooses sparse masks by connection sensitivity (Arnob et al. 2025): in the first epoch, every so
 * many steps and once more at its end, from the gradients of the whole change on the step's batch.
 * Until the first choice everything changes; after the last one the masks stay.
 */
final class MaskSelection implements TrainingHook {
    private final Scope scope = Scope.open("masks");
    private final AdapterParameters adapter;
    private final SparseMask kind;
    private final long epoch;
    private final List<Tensor> masks;
    private final TensorList list;

    MaskSelection(AdapterParameters adapter, SparseMask kind, long epoch) {
        this.adapter = adapter;
        this.kind = kind;
        this.epoch = epoch;
        masks = List.copyOf(adapter.states().values());
        list = Tensors.list(scope, masks);
    }

    @Override
    public void before(long number, Function<Scope, List<Tensor>> gradients) {
        long made = number - 1;
        boolean last = made == epoch;
        boolean due = made > 0 && made < epoch && made % kind.interval() == 0;
        if (!due && !last) {
            return;
        }
        AdapterParameters.program().callLong("fill", list, 1.0);
        try (Scope local = Scope.open("sensitivity")) {
            choose(gradients.apply(local));
        }
    }

    private void choose(List<Tensor> gradients) {
        List<Tensor> changes = new ArrayList<>(adapter.parameters().tensors());
        for (int i = 0; i < changes.size(); i++) {
            long[] shape = changes.get(i).shape();
            AdapterParameters.program()
                    .callLong(
                            "select_cells",
                            changes.get(i),
                            gradients.get(i),
                            masks.get(i),
                            kind.kept(shape[0], shape[1]),
                            kind.block(),
                            kind.signed());
        }
    }

    @Override
    public Map<String, Tensor> state() {
        return adapter.states();
    }

    @Override
    public void close() {
        scope.close();
    }
}
