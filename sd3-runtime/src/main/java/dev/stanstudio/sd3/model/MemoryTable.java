package dev.stanstudio.sd3.model;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.sd3.checkpoint.Quantization;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The memory that each choice of options takes, the quickest choice first and what changes prompts
 * or pictures last. Immutable.
 *
 * @param rows bytes by options as the command line takes them
 */
public record MemoryTable(Map<String, Long> rows) {
    /** Sizes of cards in GiB. */
    public static final List<Integer> CARDS = List.of(8, 12, 16, 24);

    private static final long GIB = 1L << 30;

    /** A tenth of a card is left to its driver, the screen, and what no estimate sees. */
    private static final double USABLE = 0.9;

    /** Keeps the order of the rows. */
    public MemoryTable {
        rows = Collections.unmodifiableMap(new LinkedHashMap<>(rows));
    }

    /** Returns the table of drawing a picture of this size. */
    public static MemoryTable drawing(MemoryNeed need, int width, int height) {
        Map<String, Long> rows = new LinkedHashMap<>();
        boolean[] ways = need.tiles(width, height) ? new boolean[] {false, true} : new boolean[1];
        for (LoadOptions load : holdings(need)) {
            for (boolean tiled : ways) {
                String options = text(load, need) + (tiled ? " --vae-tiling" : "");
                rows.put(options, need.drawing(new DrawingPlan(load, width, height, tiled)));
            }
        }
        return new MemoryTable(rows);
    }

    /**
     * Returns the table of training an adapter on pictures of {@code side}.
     *
     * @param batch pictures of an update, all in one shard
     * @param parameters numbers that are trained
     */
    public static MemoryTable training(MemoryNeed need, int side, int batch, long parameters) {
        Map<String, Long> rows = new LinkedHashMap<>();
        for (LoadOptions load : holdings(need)) {
            boolean streams = load.offload() == Offload.BLOCKS || load.quantization().small();
            // Encoders leave in any case.
            if (load.offload() != Offload.ENCODERS) {
                for (boolean twice : new boolean[] {false, true}) {
                    if (twice || !streams) {
                        TrainingPlan plan =
                                new TrainingPlan(load, side, batch, 1, twice, parameters);
                        String more = twice ? " --checkpointing" : "";
                        rows.put(text(load, need) + more, need.training(plan));
                    }
                }
            }
        }
        return new MemoryTable(rows);
    }

    /** Every way of holding a model, full precision first. */
    private static List<LoadOptions> holdings(MemoryNeed need) {
        List<LoadOptions> all = new ArrayList<>();
        for (DType dtype : new DType[] {DType.FP32, DType.BF16}) {
            for (boolean useT5 : need.hasT5() ? new boolean[] {true, false} : new boolean[1]) {
                for (Quantization form :
                        new Quantization[] {Quantization.NONE, Quantization.INT8}) {
                    for (Offload offload : new Offload[] {Offload.NONE, Offload.ENCODERS}) {
                        all.add(new LoadOptions(Device.CPU, dtype, offload, useT5, form));
                    }
                }
                all.add(
                        new LoadOptions(
                                Device.CPU, dtype, Offload.BLOCKS, useT5, Quantization.NONE));
            }
        }
        return all;
    }

    private static String text(LoadOptions load, MemoryNeed need) {
        String text = "--dtype " + load.dtype().label();
        if (load.quantization().small()) {
            text += " --quantize " + load.quantization().label();
        }
        if (load.offload() != Offload.NONE) {
            text += " --offload " + load.offload().label();
        }
        return need.hasT5() && !load.useT5() ? text + " --no-t5" : text;
    }

    /** Returns the first row in bf16 that fits a card of so many GiB; empty if none does. */
    public Optional<Map.Entry<String, Long>> fitting(int gib) {
        double most = USABLE * gib * GIB;
        return rows.entrySet().stream()
                .filter(row -> row.getKey().startsWith("--dtype " + DType.BF16.label()))
                .filter(row -> row.getValue() <= most)
                .findFirst();
    }
}
