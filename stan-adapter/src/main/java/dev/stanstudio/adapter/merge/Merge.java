package dev.stanstudio.adapter.merge;

import dev.stanstudio.adapter.project.AdapterSource;
import dev.stanstudio.adapter.project.Form;
import dev.stanstudio.adapter.project.ProjectionPart;
import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Program;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.TensorList;
import dev.stanstudio.engine.Tensors;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The changes that adapters make to one weight, and their merge. */
final class Merge {
    private static final class Holder {
        static final Program PROGRAM = Program.load(Merge.class, "merge.ts.py");
    }

    /** A module's weight, or its bias. */
    record Changed(String path, boolean bias) {}

    private Merge() {}

    static Program program() {
        return Holder.PROGRAM;
    }

    /**
     * Makes sure that every expert changes its weights by a fixed matrix.
     *
     * @throws UserException that says why one does not
     */
    static void requireLinear(Expert expert) {
        AdapterSource source = expert.source();
        boolean selects =
                source.modules().keySet().stream()
                        .map(module -> source.part(module).form())
                        .anyMatch(Form::isStan);
        if (selects) {
            throw new UserException(
                    source.name()
                            + " is a STAN and has no fixed change of a weight: which features topk"
                            + " keeps depends on the input; apply it with --adapter, or join STANs"
                            + " into one by leaving out --model");
        }
    }

    /**
     * τ of {@code module} [out, in · kernel] in fp32; {@code scope} owns it. Whatever the number of
     * experts, it holds the changes of one at a time.
     *
     * @param changing those that change the module
     * @param experts N, with those that do not
     * @param shape of the weight
     */
    static Tensor change(
            Scope scope,
            MergeMethod method,
            String module,
            List<Expert> changing,
            int experts,
            long[] shape) {
        return change(scope, method, new Changed(module, false), changing, experts, shape);
    }

    /**
     * As {@link #change(Scope, MergeMethod, String, List, int, long[])}, of a bias [out, 1] too.
     */
    static Tensor change(
            Scope scope,
            MergeMethod method,
            Changed module,
            List<Expert> changing,
            int experts,
            long[] shape) {
        long[] flat = {shape[0], Arrays.stream(shape).skip(1).reduce(1, (a, b) -> a * b)};
        Tensor sum = Tensors.zeros(scope, flat, DType.FP32, Device.CPU);
        MergeMethod.Rule rule = method.rule();
        double density = rule == MergeMethod.Rule.TIES ? method.density() : 1;
        try (Scope local = Scope.open("merge " + module.path())) {
            Tensor count = counts(local, rule, flat);
            for (Expert expert : changing) {
                try (Scope one = Scope.open(module.path())) {
                    Tensor change = trimmed(one, expert, module, density);
                    program().callLong("collect", sum, count, change);
                }
            }
            if (rule != MergeMethod.Rule.TIES) {
                double divisor = rule == MergeMethod.Rule.MEAN ? experts : 1;
                return program().call(scope, "divided", sum, count, method.scale() / divisor);
            }
            return elected(scope, local, method, module, changing, sum);
        }
    }

    private static Tensor counts(Scope scope, MergeMethod.Rule rule, long[] flat) {
        long[] shape = rule == MergeMethod.Rule.OVERLAP_MEAN ? flat : new long[] {0};
        return Tensors.zeros(scope, shape, DType.FP32, Device.CPU);
    }

    private static Tensor elected(
            Scope scope,
            Scope local,
            MergeMethod method,
            Changed module,
            List<Expert> changing,
            Tensor votes) {
        Tensor sum = Tensors.zeros(local, votes.shape(), DType.FP32, Device.CPU);
        Tensor count = Tensors.zeros(local, votes.shape(), DType.FP32, Device.CPU);
        for (Expert expert : changing) {
            try (Scope one = Scope.open(module.path())) {
                Tensor change = trimmed(one, expert, module, method.density());
                Tensor agreeing = program().call(one, "agreeing", change, votes);
                program().callLong("collect", sum, count, agreeing);
            }
        }
        return program().call(scope, "divided", sum, count, method.scale());
    }

    private static Tensor trimmed(Scope scope, Expert expert, Changed module, double density) {
        Tensor change = change(scope, expert, module);
        long kept = (long) (change.elements() * density);
        return density == 1 ? change : program().call(scope, "trimmed", change, Math.max(1, kept));
    }

    /** weight · ΔW of one adapter, [out, in · kernel] in fp32. */
    static Tensor change(Scope scope, Expert expert, String module) {
        return change(scope, expert, new Changed(module, false));
    }

    private static Tensor change(Scope scope, Expert expert, Changed module) {
        AdapterSource source = expert.source();
        String path = module.path();
        ProjectionPart part = source.part(path);
        String whole = part.form() == Form.AFFINE && module.bias() ? part.decoder() : null;
        String decoder = part.form() == Form.AFFINE ? null : part.decoder();
        return program()
                .call(
                        scope,
                        "change",
                        part.scale() * expert.weight(),
                        source.openFinite(scope, path, whole == null ? part.encoder() : whole),
                        optional(scope, source, path, decoder),
                        optional(scope, source, path, part.gate()));
    }

    private static TensorList optional(
            Scope scope, AdapterSource source, String module, @Nullable String name) {
        return Tensors.list(
                scope, name == null ? List.of() : List.of(source.openFinite(scope, module, name)));
    }
}
