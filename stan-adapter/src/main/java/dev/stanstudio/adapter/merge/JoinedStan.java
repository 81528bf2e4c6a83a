package dev.stanstudio.adapter.merge;

import dev.stanstudio.adapter.file.AdapterRecord;
import dev.stanstudio.adapter.file.StoredTensors;
import dev.stanstudio.adapter.kind.AdapterTensor;
import dev.stanstudio.adapter.kind.Revival;
import dev.stanstudio.adapter.kind.Stan;
import dev.stanstudio.adapter.kind.Width;
import dev.stanstudio.adapter.project.ProjectionPart;
import dev.stanstudio.adapter.project.TopK;
import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.safetensors.SafetensorsWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Several STANs as one: E = [E₁; E₂; …], D = [w₁D₁ w₂D₂ …], and a top-k of its own for each, so
 * that the sum of what they do stays what it is.
 */
final class JoinedStan {
    private final List<Expert> experts;
    private final List<Stan> kinds;
    private final Map<String, long[]> modules;

    /**
     * @param records of the experts, in their order, all of kind STAN
     * @throws UserException if they cannot share one selection
     */
    JoinedStan(List<Expert> experts, List<AdapterRecord> records) {
        this.experts = experts;
        this.modules = records.get(0).shapes();
        this.kinds = records.stream().map(record -> Stan.class.cast(record.kind())).toList();
        for (int i = 0; i < kinds.size(); i++) {
            require(i, records.get(i));
        }
    }

    private void require(int index, AdapterRecord record) {
        Stan first = kinds.get(0);
        Stan kind = kinds.get(index);
        if (!record.modules().keySet().equals(modules.keySet())) {
            throw unlike(index, "change different modules");
        }
        if (kind.selection() != first.selection()
                || kind.averaged() != first.averaged()
                || kind.tied() != first.tied()) {
            throw unlike(index, "differ in selection, scale or tied decoder");
        }
        modules.forEach(
                (module, shape) -> {
                    TopK own = kind.part(module, shape[0], shape[1]).topk();
                    TopK other = first.part(module, shape[0], shape[1]).topk();
                    if (own.active() != other.active()
                            || own.features() / own.groups() != other.features() / other.groups()) {
                        throw unlike(index, "differ in features or k of " + module);
                    }
                });
        if (kind.tied() && !(experts.get(index).weight() > 0)) {
            throw new UserException(
                    "%s has a tied decoder, which takes weights above 0 only, not %s"
                            .formatted(
                                    experts.get(index).source().name(),
                                    experts.get(index).weight()));
        }
    }

    private UserException unlike(int index, String how) {
        return new UserException(
                "%s and %s %s, so one top-k rule does not serve both; give each to --adapter instead"
                        .formatted(
                                experts.get(0).source().name(),
                                experts.get(index).source().name(),
                                how));
    }

    /** Kind and settings of the whole. */
    Stan kind() {
        Stan first = kinds.get(0);
        int groups = kinds.stream().mapToInt(Stan::groups).sum();
        Map<String, Integer> widths = new LinkedHashMap<>();
        Map<String, Integer> kept = new LinkedHashMap<>();
        int features = 0;
        int k = 0;
        for (Map.Entry<String, long[]> module : modules.entrySet()) {
            long in = module.getValue()[1];
            int own = first.featuresOf(module.getKey(), in) / first.groups() * groups;
            int active = first.activeOf(module.getKey(), in);
            features = features == 0 ? own : features;
            k = k == 0 ? active : k;
            if (own != features) {
                widths.put(module.getKey(), own);
            }
            if (active != k) {
                kept.put(module.getKey(), active);
            }
        }
        return new Stan(
                Width.of(features),
                k,
                first.selection(),
                first.averaged(),
                first.tied(),
                Revival.NONE,
                widths,
                kept,
                groups);
    }

    /** Weight shape [out, in] by module path. */
    Map<String, long[]> modules() {
        return modules;
    }

    /** The tensors, made one at a time. */
    List<SafetensorsWriter.Tensor> tensors() {
        List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
        Stan kind = kind();
        modules.forEach(
                (module, shape) -> {
                    ProjectionPart part = kind.part(module, shape[0], shape[1]);
                    for (AdapterTensor tensor : kind.tensors(module, shape[0], shape[1])) {
                        boolean encodes = tensor.name().equals(part.encoder());
                        tensors.add(
                                StoredTensors.made(
                                        module + "." + tensor.name(),
                                        DType.FP32,
                                        tensor.shape().stream().mapToLong(n -> n).toArray(),
                                        scope -> joined(scope, module, tensor.name(), encodes)));
                    }
                });
        return tensors;
    }

    /** A tied encoder counts twice, so that it takes the root of the weight. */
    private Tensor joined(Scope scope, String module, String name, boolean encodes) {
        List<Tensor> each = new ArrayList<>();
        for (Expert expert : experts) {
            Tensor own = expert.source().openFinite(scope, module, name);
            double tied = kinds.get(0).tied() ? Math.sqrt(expert.weight()) : 1;
            double factor = encodes ? tied : expert.weight();
            each.add(
                    factor == 1
                            ? own
                            : Merge.program()
                                    .call(
                                            scope,
                                            "weighed",
                                            own,
                                            Tensors.list(scope, List.of()),
                                            factor));
        }
        return Tensors.concat(scope, each, encodes ? 0 : 1);
    }
}
