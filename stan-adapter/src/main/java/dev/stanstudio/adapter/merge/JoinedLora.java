package dev.stanstudio.adapter.merge;

import dev.stanstudio.adapter.file.LoraWriter;
import dev.stanstudio.adapter.file.StoredTensors;
import dev.stanstudio.adapter.kind.Lora;
import dev.stanstudio.adapter.project.AdapterSource;
import dev.stanstudio.adapter.project.ProjectionPart;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.safetensors.SafetensorsWriter;
import dev.stanstudio.sd3.text.TextTower;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Several adapters as one LoRA of scale 1: their ranks side by side, or the best fewer ones. */
final class JoinedLora {
    private static final String DOWN = ".lora_A.weight";
    private static final String UP = ".lora_B.weight";

    private final List<Expert> experts;
    private final MergeMethod method;
    private final @Nullable Integer rank;
    private final Map<String, long[]> modules = new TreeMap<>();

    /**
     * @param rank r of the result, by singular values; null to keep all ranks of low-rank adapters,
     *     which is exact
     * @throws UserException if the adapters change a module in different shapes or a convolution
     */
    JoinedLora(List<Expert> experts, MergeMethod method, @Nullable Integer rank) {
        if (rank != null && rank < 1) {
            throw new ArgumentException("--rank must be at least 1, not " + rank);
        }
        this.experts = experts;
        this.method = method;
        this.rank = rank;
        for (Expert expert : experts) {
            Merge.requireLinear(expert);
            expert.source().modules().forEach((module, shape) -> add(expert, module, shape));
        }
    }

    private void add(Expert expert, String module, long[] shape) {
        if (shape.length != 2) {
            throw new UserException(
                    "%s changes the convolution %s, which is not joined; merge it into a model with --model"
                            .formatted(expert.source().name(), module));
        }
        long[] known = modules.putIfAbsent(module, shape);
        if (known != null && (known[0] != shape[0] || known[1] != shape[1])) {
            throw new UserException(
                    "%s changes %s of %s, another adapter one of %s; they were made for different models"
                            .formatted(
                                    expert.source().name(),
                                    module,
                                    Arrays.toString(shape),
                                    Arrays.toString(known)));
        }
    }

    /** Weight shape [out, in] by module path. */
    Map<String, long[]> modules() {
        return modules;
    }

    private List<Expert> changing(String module) {
        return experts.stream()
                .filter(expert -> expert.source().modules().containsKey(module))
                .toList();
    }

    private int rankOf(String module) {
        long[] shape = Objects.requireNonNull(modules.get(module), module);
        if (rank != null) {
            return (int) Math.min(rank, Math.min(shape[0], shape[1]));
        }
        return (int)
                changing(module).stream().mapToLong(e -> e.source().part(module).features()).sum();
    }

    /** Rank and α of the whole; α is the rank. */
    Lora kind() {
        return kind(modules.keySet());
    }

    private Lora kind(Collection<String> own) {
        Map<String, Integer> ranks = new LinkedHashMap<>();
        Map<String, Double> alphas = new LinkedHashMap<>();
        int base = own.stream().mapToInt(this::rankOf).max().orElse(1);
        for (String module : own) {
            int rankOf = rankOf(module);
            if (rankOf != base) {
                ranks.put(module, rankOf);
                alphas.put(module, (double) rankOf);
            }
        }
        return new Lora(base, base, false, false, ranks, alphas);
    }

    /** Returns whether text encoders are changed too. */
    boolean changesText() {
        return modules.keySet().stream().anyMatch(module -> TextTower.of(module).isPresent());
    }

    /** Returns the LoRA of each network, that of the transformer first. */
    List<LoraWriter.Content> contents(String baseModel) {
        Map<String, List<String>> networks = new TreeMap<>();
        for (String module : modules.keySet()) {
            String network = TextTower.of(module).map(TextTower::component).orElse("");
            networks.computeIfAbsent(network, n -> new ArrayList<>()).add(module);
        }
        return networks.values().stream()
                .map(own -> new LoraWriter.Content(kind(own), own, baseModel, tensors(own)))
                .toList();
    }

    /** A and B of every module, made one at a time. */
    List<SafetensorsWriter.Tensor> tensors() {
        return tensors(modules.keySet());
    }

    private List<SafetensorsWriter.Tensor> tensors(Collection<String> own) {
        List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
        for (String module : own) {
            long[] shape = Objects.requireNonNull(modules.get(module), module);
            long r = rankOf(module);
            tensors.add(
                    StoredTensors.made(
                            module + DOWN,
                            DType.FP32,
                            new long[] {r, shape[1]},
                            scope -> factor(scope, module, shape, 0)));
            tensors.add(
                    StoredTensors.made(
                            module + UP,
                            DType.FP32,
                            new long[] {shape[0], r},
                            scope -> factor(scope, module, shape, 1)));
        }
        return tensors;
    }

    /** A for {@code which} 0, B for 1. */
    private Tensor factor(Scope scope, String module, long[] shape, int which) {
        List<Expert> changing = changing(module);
        if (rank == null) {
            List<Tensor> each =
                    changing.stream().map(expert -> own(scope, expert, module, which)).toList();
            return Tensors.concat(scope, each, which);
        }
        Tensor change = Merge.change(scope, method, module, changing, experts.size(), shape);
        return Merge.program().callTuple(scope, "factors", change, rankOf(module)).get(which);
    }

    private Tensor own(Scope scope, Expert expert, String module, int which) {
        AdapterSource source = expert.source();
        ProjectionPart part = source.part(module);
        if (which == 0) {
            Tensor down = source.openFinite(scope, module, part.encoder());
            return Tensors.to(scope, down, Device.CPU, DType.FP32);
        }
        String gate = part.gate();
        return Merge.program()
                .call(
                        scope,
                        "weighed",
                        source.openFinite(scope, module, Objects.requireNonNull(part.decoder())),
                        Tensors.list(
                                scope,
                                gate == null
                                        ? List.of()
                                        : List.of(source.openFinite(scope, module, gate))),
                        part.scale() * expert.weight() * method.scale());
    }
}
