package dev.stanstudio.adapter.merge;

import dev.stanstudio.adapter.file.AdapterFile;
import dev.stanstudio.adapter.file.AdapterFolder;
import dev.stanstudio.adapter.file.AdapterRecord;
import dev.stanstudio.adapter.file.KohyaWriter;
import dev.stanstudio.adapter.file.LoraAdapter;
import dev.stanstudio.adapter.file.LoraFile;
import dev.stanstudio.adapter.file.LoraTarget;
import dev.stanstudio.adapter.file.LoraWriter;
import dev.stanstudio.adapter.file.NewFolder;
import dev.stanstudio.adapter.file.StoredTensors;
import dev.stanstudio.adapter.kind.Lora;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.safetensors.SafetensorsWriter;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.text.TextTower;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A LoRA written anew in another format. A and B keep their bits and their types, and α is moved to
 * where the format has it. Only for diffusers, whose file other programs read too without looking
 * for α in its metadata, and for kohya, where three modules are one, α/r is multiplied into B (in
 * fp32, where it is not 1).
 */
public final class Conversion {
    /** Formats to write. */
    public enum Format {
        /** PEFT's folder. */
        PEFT("peft"),
        /** diffusers' single file, in a folder. */
        DIFFUSERS("diffusers"),
        /** sd-scripts' single file under original names, which ComfyUI reads too, in a folder. */
        KOHYA("kohya"),
        /** PEFT's folder with this program's record, which binds it to a model. */
        FOLDER("folder");

        private final String label;

        Format(String label) {
            this.label = label;
        }

        /**
         * The format called {@code label}.
         *
         * @throws ArgumentException that lists the names
         */
        public static Format of(String label) {
            return Arrays.stream(values())
                    .filter(format -> format.label.equals(label))
                    .findFirst()
                    .orElseThrow(
                            () ->
                                    new ArgumentException(
                                            "--to is peft, diffusers, kohya or folder, not '"
                                                    + label
                                                    + "'"));
        }
    }

    private Conversion() {}

    /**
     * Writes the adapter at {@code in} to the new folder {@code out}.
     *
     * @param model that a {@link Format#FOLDER} is bound to; other formats need none
     * @throws UserException if the adapter is no LoRA, with the reason, or cannot be read or
     *     written
     */
    public static void write(Path in, Format format, Path out, @Nullable ModelSource model) {
        try (AdapterFile file = AdapterFile.open(in)) {
            LoraFile lora = file.lora().orElseThrow(() -> refused(in, file));
            lora.requirePlain();
            Map<String, LoraTarget> transformer = targets(lora, Optional.empty());
            if (format != Format.DIFFUSERS && transformer.isEmpty()) {
                throw new UserException(in + " changes no module of the transformer");
            }
            switch (format) {
                case PEFT -> {
                    LoraWriter.Content content = content(lora, transformer, false);
                    NewFolder.write(out, part -> LoraWriter.peft(part, content, Map.of()));
                }
                case DIFFUSERS -> {
                    List<LoraWriter.Content> contents = contents(lora);
                    if (contents.isEmpty()) {
                        throw new UserException(in + " changes no module that is known here");
                    }
                    NewFolder.write(out, part -> LoraWriter.diffusers(part, contents, Map.of()));
                }
                case KOHYA ->
                        NewFolder.write(
                                out, part -> KohyaWriter.write(part, lora.adapter(), transformer));
                case FOLDER -> bound(out, lora, content(lora, transformer, false), model);
            }
        }
    }

    /** The targets in one text encoder, or in the transformer. */
    private static Map<String, LoraTarget> targets(LoraFile lora, Optional<TextTower> tower) {
        Map<String, LoraTarget> targets = new TreeMap<>(lora.adapter().targets());
        targets.keySet().removeIf(module -> !TextTower.of(module).equals(tower));
        return targets;
    }

    /** diffusers' older versions and other readers of its file know nothing of α. */
    private static List<LoraWriter.Content> contents(LoraFile lora) {
        return Stream.concat(
                        Stream.of(Optional.<TextTower>empty()),
                        Stream.of(TextTower.values()).map(Optional::of))
                .map(tower -> targets(lora, tower))
                .filter(targets -> !targets.isEmpty())
                .map(targets -> content(lora, targets, true))
                .toList();
    }

    /**
     * Returns what of {@code lora} a file of {@code format} does not hold, a line for each encoder.
     */
    static List<String> lost(LoraFile lora, Format format) {
        if (format == Format.DIFFUSERS) {
            return List.of();
        }
        return Stream.of(TextTower.values())
                .filter(tower -> !targets(lora, Optional.of(tower)).isEmpty())
                .map(
                        tower ->
                                "%s: %d modules of %s are left out, since --to %s writes the transformer's alone; --to diffusers keeps them"
                                        .formatted(
                                                lora.adapter().name(),
                                                targets(lora, Optional.of(tower)).size(),
                                                tower.component(),
                                                format.label))
                .toList();
    }

    private static UserException refused(Path in, AdapterFile file) {
        String why = file.record().orElseThrow().kind().whyNoLora();
        return new UserException(in + " " + why);
    }

    private static void bound(
            Path out, LoraFile lora, LoraWriter.Content content, @Nullable ModelSource model) {
        if (model == null) {
            throw new ArgumentException("--to folder needs --model, to which the adapter is bound");
        }
        Map<String, long[]> modules = new LinkedHashMap<>();
        targets(lora, Optional.empty())
                .forEach((module, target) -> modules.put(module, matrix(target.weightShape())));
        Map<String, String> training = new LinkedHashMap<>();
        training.put("converted_from", lora.format().label());
        training.put("source_sha256", lora.sha256());
        AdapterRecord record =
                AdapterRecord.of(
                        content.kind(), modules, model.name(), model.fingerprint(), training);
        AdapterFolder.write(out, record, content.tensors(), content.targets());
    }

    private static long[] matrix(long[] shape) {
        if (shape.length != 2) {
            throw new UserException(
                    "the LoRA changes a convolution, which only peft and diffusers can hold");
        }
        return shape;
    }

    /**
     * @param folded whether α/r is multiplied into B, so that α is r and every reader has scale 1
     */
    private static LoraWriter.Content content(
            LoraFile lora, Map<String, LoraTarget> own, boolean folded) {
        Map<String, LoraTarget> targets = new TreeMap<>(own);
        if (folded) {
            targets.replaceAll((module, target) -> target.withScaleOne());
        }
        List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
        try (Scope scope = Scope.open("types")) {
            for (String module : targets.keySet()) {
                tensors.add(
                        tensor(
                                scope,
                                module + ".lora_A.weight",
                                s -> lora.adapter().down(s, module)));
                tensors.add(
                        tensor(
                                scope,
                                module + ".lora_B.weight",
                                s -> up(s, lora.adapter(), module, folded)));
            }
        }
        return new LoraWriter.Content(
                kind(lora, targets.values()),
                List.copyOf(targets.keySet()),
                lora.baseModel().orElse(""),
                tensors);
    }

    /** B, or scale · B in fp32 where that is another. */
    private static Tensor up(Scope scope, LoraAdapter adapter, String module, boolean folded) {
        double scale = Objects.requireNonNull(adapter.targets().get(module)).scale();
        if (!folded || scale == 1) {
            return adapter.up(scope, module);
        }
        try (Scope local = Scope.open(module)) {
            Tensor up = adapter.up(local, module);
            float[] numbers = Tensors.to(local, up, Device.CPU, DType.FP32).toFloats();
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = (float) (numbers[i] * scale);
            }
            return Tensors.of(scope, numbers, up.shape());
        }
    }

    private static SafetensorsWriter.Tensor tensor(
            Scope scope, String name, Function<Scope, Tensor> open) {
        Tensor opened = open.apply(scope);
        return StoredTensors.made(name, opened.dtype(), opened.shape(), open);
    }

    /** The settings that give every module its rank and its scale again. */
    private static Lora kind(LoraFile lora, Collection<LoraTarget> targets) {
        int rank = (int) (long) common(targets, LoraTarget::rank);
        double alpha = common(targets, LoraTarget::alpha);
        Map<String, Integer> ranks = new LinkedHashMap<>();
        Map<String, Double> alphas = new LinkedHashMap<>();
        for (LoraTarget target : targets) {
            if (target.rank() != rank) {
                ranks.put(target.module(), (int) target.rank());
            }
            if (target.alpha() != alpha) {
                alphas.put(target.module(), target.alpha());
            }
        }
        boolean stabilized = targets.iterator().next().rankStabilized();
        try {
            return new Lora(rank, alpha, stabilized, false, ranks, alphas);
        } catch (ArgumentException e) {
            throw new UserException(lora.path() + ": " + e.getMessage(), e);
        }
    }

    /** The most frequent value, the smallest of equally frequent ones. */
    private static <V extends Comparable<V>> V common(
            Collection<LoraTarget> targets, Function<LoraTarget, V> value) {
        Map<V, Long> counts =
                targets.stream().collect(Collectors.groupingBy(value, Collectors.counting()));
        return counts.entrySet().stream()
                .max(
                        Map.Entry.<V, Long>comparingByValue()
                                .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
                .orElseThrow()
                .getKey();
    }
}
