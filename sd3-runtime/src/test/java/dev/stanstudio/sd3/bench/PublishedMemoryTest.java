package dev.stanstudio.sd3.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.sd3.checkpoint.Quantization;
import dev.stanstudio.sd3.model.DrawingPlan;
import dev.stanstudio.sd3.model.LoadOptions;
import dev.stanstudio.sd3.model.MemoryNeed;
import dev.stanstudio.sd3.model.MemoryTable;
import dev.stanstudio.sd3.model.Offload;
import dev.stanstudio.sd3.model.TrainingPlan;
import dev.stanstudio.sd3.text.TextTower;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The estimate of memory at the full shapes of the published models. */
class PublishedMemoryTest {
    private static final double GIB = 1L << 30;

    /** Numbers of T5-XXL's encoder, and of sd3-medium's and sd3.5-large's transformers. */
    private static final double T5 = 4.762e9;

    private static final Map<ModelShape, Double> TRANSFORMERS =
            Map.of(ModelShape.SD3_MEDIUM, 2.03e9, ModelShape.SD35_LARGE, 8.06e9);

    private static LoadOptions load(Offload offload, boolean useT5, Quantization form) {
        return new LoadOptions(Device.CPU, DType.BF16, offload, useT5, form);
    }

    private static long drawn(MemoryNeed need, Offload offload, boolean useT5, Quantization form) {
        return need.drawing(new DrawingPlan(load(offload, useT5, form), 1024, 1024, false));
    }

    @ParameterizedTest
    @EnumSource(
            value = ModelShape.class,
            names = {"SD3_MEDIUM", "SD35_LARGE"})
    void weightsAreThoseOfThePublishedModels(ModelShape shape) {
        MemoryNeed need = shape.memory();
        double transformer = TRANSFORMERS.getOrDefault(shape, 0.0);
        assertEquals(transformer / 100, (double) need.usualAdapter(), transformer / 2000);
        long all = drawn(need, Offload.NONE, true, Quantization.NONE);
        long without = drawn(need, Offload.NONE, false, Quantization.NONE);
        assertEquals(2.0 * T5, (double) (all - without), 0.01 * T5);
        // Of 8 bits: half of bf16, and the layer in use.
        long small = drawn(need, Offload.ENCODERS, false, Quantization.INT8);
        long wide = drawn(need, Offload.ENCODERS, false, Quantization.NONE);
        assertTrue(wide - small > 0.75 * transformer, wide + " and " + small);
        assertTrue(wide - small < 1.0 * transformer, wide + " and " + small);
    }

    @Test
    void eachChoiceThatSavesMemorySaysSo() {
        MemoryNeed need = ModelShape.SD35_LARGE.memory();
        long kept = drawn(need, Offload.NONE, true, Quantization.NONE);
        long left = drawn(need, Offload.ENCODERS, true, Quantization.NONE);
        long small = drawn(need, Offload.ENCODERS, true, Quantization.FP8);
        long read = drawn(need, Offload.BLOCKS, true, Quantization.NONE);
        assertTrue(read < small && small < left && left < kept, read + " " + small + " " + left);
        LoadOptions load = load(Offload.NONE, false, Quantization.NONE);
        long tiled = need.drawing(new DrawingPlan(load, 2048, 2048, true));
        assertTrue(tiled < need.drawing(new DrawingPlan(load, 2048, 2048, false)));
        long once = need.training(new TrainingPlan(load, 1024, 4, 1, false, 1));
        long twice = need.training(new TrainingPlan(load, 1024, 4, 1, true, 1));
        assertTrue(twice < once, twice + " and " + once);
        long more = need.training(new TrainingPlan(load, 1024, 4, 1, true, 100_000_000));
        // Values, two moments, averages, gradients, and the sums while a block is added.
        assertEquals(100e6 * 4 * 7, (double) (more - twice), 1000);
    }

    /** Both CLIPs have 818 million numbers; a caption keeps some megabytes of activations. */
    @Test
    void trainedTextEncodersAreInMemoryToo() {
        MemoryNeed need = ModelShape.SD3_MEDIUM.memory();
        LoadOptions load = load(Offload.NONE, false, Quantization.NONE);
        Set<TextTower> clips = TextTower.named(TextTower.CLIPS);
        long alone = need.training(new TrainingPlan(load, 1024, 4, 1, false, 1));
        long both = need.training(new TrainingPlan(load, 1024, 4, 1, false, 1, clips));
        assertEquals(need.towers(clips, DType.BF16, 4), both - alone);
        assertEquals(2 * 818e6, (double) need.towers(clips, DType.BF16, 0), 0.01 * 818e6);
        double caption = need.towers(clips, DType.BF16, 1) - need.towers(clips, DType.BF16, 0);
        assertTrue(caption > 50e6 && caption < 500e6, "a caption keeps " + caption);
    }

    @ParameterizedTest
    @EnumSource(
            value = ModelShape.class,
            names = {"SD3_MEDIUM", "SD35_LARGE"})
    void whatFitsACardLeavesATenthOfIt(ModelShape shape) {
        MemoryNeed need = shape.memory();
        MemoryTable[] tables = {
            MemoryTable.drawing(need, 1024, 1024),
            MemoryTable.training(need, 1024, 1, need.usualAdapter())
        };
        for (MemoryTable table : tables) {
            double before = Double.POSITIVE_INFINITY;
            for (int i = MemoryTable.CARDS.size() - 1; i >= 0; i--) {
                int card = MemoryTable.CARDS.get(i);
                Optional<Map.Entry<String, Long>> row = table.fitting(card);
                System.out.println(shape.label() + ", " + card + " GB: " + row);
                if (row.isPresent()) {
                    double gib = row.get().getValue() / GIB;
                    assertTrue(gib <= 0.9 * card && gib <= before, card + ": " + gib);
                    assertTrue(row.get().getKey().startsWith("--dtype bf16"));
                    before = gib;
                }
            }
            assertTrue(table.fitting(24).isPresent());
            assertEquals(Optional.empty(), table.fitting(1));
        }
    }
}
