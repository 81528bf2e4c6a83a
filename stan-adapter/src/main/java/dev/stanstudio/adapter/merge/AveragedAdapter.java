package dev.stanstudio.adapter.merge;

import dev.stanstudio.adapter.file.AdapterFile;
import dev.stanstudio.adapter.file.AdapterFolder;
import dev.stanstudio.adapter.file.AdapterRecord;
import dev.stanstudio.adapter.kind.AdapterTensor;
import dev.stanstudio.adapter.kind.KindName;
import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Interpolates the tensors of two adapters, (1 − t)·a + t·b in fp32, each tensor by itself: the
 * factors of a low-rank change and not their product. That is of use between states of one
 * training, whose features and ranks mean the same (Izmailov et al. 2018).
 *
 * @param from the adapter at 0
 * @param to the adapter at 1
 * @param at t
 */
record AveragedAdapter(AdapterFile from, AdapterFile to, double at) {

    /**
     * Writes the adapter.
     *
     * @param out a folder that does not exist yet
     * @throws UserException if the two are of different kinds, sizes, places or models
     */
    void write(Path out) {
        AdapterRecord first = record(from);
        AdapterRecord second = record(to);
        requireAlike(first, second);
        try (Scope scope = Scope.open("average")) {
            AdapterRecord record =
                    AdapterRecord.of(
                            second.kind(),
                            second.shapes(),
                            second.baseModel(),
                            second.baseFingerprint(),
                            notes(second));
            AdapterFolder.write(
                    out, record, tensors(scope, second), List.copyOf(second.modules().keySet()));
        }
    }

    private static AdapterRecord record(AdapterFile file) {
        AdapterRecord record =
                file.record()
                        .orElseThrow(
                                () ->
                                        new UserException(
                                                "%s was not written by this program; convert it first (studio adapter convert)"
                                                        .formatted(file.name())));
        if (!record.kind().name().continues()) {
            throw new UserException(
                    "%s is of the kind %s, which chooses while it trains what is changed or is no sum of two factors, so two states cannot be averaged; use %s"
                            .formatted(file.name(), record.kind().label(), KindName.continuing()));
        }
        return record;
    }

    private void requireAlike(AdapterRecord first, AdapterRecord second) {
        String differs =
                !first.kind().equals(second.kind())
                        ? "kinds or settings (%s and %s)"
                                .formatted(first.kind().label(), second.kind().label())
                        : !first.modules().equals(second.modules())
                                ? "modules"
                                : first.baseFingerprint().equals(second.baseFingerprint())
                                        ? ""
                                        : "models (%s and %s)"
                                                .formatted(first.baseModel(), second.baseModel());
        if (!differs.isEmpty()) {
            throw new UserException(
                    "%s and %s are of different %s; only states of one training can be averaged"
                            .formatted(from.name(), to.name(), differs));
        }
    }

    private Map<String, Tensor> tensors(Scope scope, AdapterRecord record) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        record.shapes()
                .forEach(
                        (module, shape) -> {
                            for (AdapterTensor tensor :
                                    record.kind().tensors(module, shape[0], shape[1])) {
                                tensors.put(
                                        module + "." + tensor.name(),
                                        between(scope, module, tensor.name()));
                            }
                        });
        return tensors;
    }

    private Tensor between(Scope scope, String module, String name) {
        try (Scope local = Scope.open(module)) {
            Tensor first = from.openFinite(local, module, name);
            Tensor second = to.openFinite(local, module, name);
            if (!Arrays.equals(first.shape(), second.shape())) {
                throw new UserException(
                        "%s of %s is %s and %s; only states of one training can be averaged"
                                .formatted(
                                        name,
                                        module,
                                        Arrays.toString(first.shape()),
                                        Arrays.toString(second.shape())));
            }
            return Tensors.combine(
                    scope, new double[] {1 - at, at}, List.of(first, second), DType.FP32);
        }
    }

    private Map<String, String> notes(AdapterRecord record) {
        Map<String, String> notes = new LinkedHashMap<>(record.training());
        notes.put(
                "averaged",
                "%s of %s and %s of %s".formatted(1 - at, from.sha256(), at, to.sha256()));
        return notes;
    }
}
