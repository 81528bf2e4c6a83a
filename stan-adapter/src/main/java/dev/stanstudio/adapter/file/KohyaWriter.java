package dev.stanstudio.adapter.file;

import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.safetensors.SafetensorsWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes LoRAs of the transformer as kohya's sd-scripts (networks/lora_sd3.py) and ComfyUI read
 * them: original names, q, k and v in one module. Three LoRAs of it become one of the sum of their
 * ranks: their A below each other, their B in blocks on the diagonal, zeros where one is missing.
 */
public final class KohyaWriter {
    private static final String DOWN = ".lora_down.weight";
    private static final String UP = ".lora_up.weight";
    private static final String ALPHA = ".alpha";

    private KohyaWriter() {}

    /**
     * Writes {@code lora.safetensors} into {@code folder}, in fp32.
     *
     * @param targets of the transformer
     * @throws UserException if kohya has no name for a module
     */
    public static void write(Path folder, LoraAdapter lora, Map<String, LoraTarget> targets) {
        Map<KohyaModule, List<@Nullable LoraTarget>> modules = new LinkedHashMap<>();
        targets.values()
                .forEach(target -> modules.computeIfAbsent(original(target), m -> all(m, targets)));
        List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
        modules.forEach((module, parts) -> new Fused(lora, module, parts).addTo(tensors));
        SafetensorsWriter.write(
                folder.resolve("lora.safetensors"),
                Map.of("ss_network_module", "networks.lora_sd3"),
                tensors);
    }

    private static KohyaModule original(LoraTarget target) {
        long rows = target.up().get(0);
        return KohyaNames.original(target.module(), rows == 2 * target.down().get(1));
    }

    private static List<@Nullable LoraTarget> all(
            KohyaModule module, Map<String, LoraTarget> targets) {
        List<@Nullable LoraTarget> parts = new ArrayList<>();
        module.modules().forEach(path -> parts.add(targets.get(path)));
        return parts;
    }

    /** The LoRAs of one original module; null where a part of it has none. */
    private record Fused(LoraAdapter lora, KohyaModule module, List<@Nullable LoraTarget> parts) {
        void addTo(List<SafetensorsWriter.Tensor> tensors) {
            LoraTarget first = present().get(0);
            int rank = present().stream().mapToInt(part -> (int) part.rank()).sum();
            long[] down = first.weightShape();
            down[0] = rank;
            long[] up = first.up().stream().mapToLong(Long::longValue).toArray();
            up[0] *= parts.size();
            up[1] = rank;
            String name = KohyaNames.PREFIX + module.name();
            tensors.add(made(name + DOWN, down, scope -> Tensors.of(scope, down(), down)));
            tensors.add(made(name + UP, up, scope -> Tensors.of(scope, up(rank), up)));
            tensors.add(
                    made(
                            name + ALPHA,
                            new long[0],
                            scope -> Tensors.of(scope, new float[] {rank}, new long[0])));
        }

        private static SafetensorsWriter.Tensor made(
                String name, long[] shape, Function<Scope, Tensor> make) {
            return StoredTensors.made(name, DType.FP32, shape, make);
        }

        private List<LoraTarget> present() {
            return parts.stream().filter(Objects::nonNull).map(Objects::requireNonNull).toList();
        }

        /** All A below each other. */
        private float[] down() {
            List<float[]> all = new ArrayList<>();
            for (LoraTarget part : present()) {
                all.add(numbers(scope -> lora.down(scope, part.module())));
            }
            float[] joined = new float[all.stream().mapToInt(one -> one.length).sum()];
            int from = 0;
            for (float[] one : all) {
                System.arraycopy(one, 0, joined, from, one.length);
                from += one.length;
            }
            return joined;
        }

        /** All scale · B on the diagonal. */
        private float[] up(int rank) {
            int rows = (int) (long) present().get(0).up().get(0);
            float[] joined = new float[rows * parts.size() * rank];
            int column = 0;
            for (int i = 0; i < parts.size(); i++) {
                LoraTarget part = parts.get(i);
                if (part != null) {
                    float[] own = numbers(scope -> lora.up(scope, part.module()));
                    int width = (int) part.rank();
                    for (int row = 0; row < rows; row++) {
                        int to = (i * rows + placed(row, rows)) * rank + column;
                        for (int x = 0; x < width; x++) {
                            joined[to + x] = (float) (own[row * width + x] * part.scale());
                        }
                    }
                    column += width;
                }
            }
            return joined;
        }

        private int placed(int row, int rows) {
            return module.swapHalves() ? (row + rows / 2) % rows : row;
        }

        private static float[] numbers(Function<Scope, Tensor> open) {
            try (Scope scope = Scope.open("kohya")) {
                return Tensors.to(scope, open.apply(scope), Device.CPU, DType.FP32).toFloats();
            }
        }
    }
}
