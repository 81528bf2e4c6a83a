package dev.stanstudio.sd3.model;

import dev.stanstudio.engine.DType;
import dev.stanstudio.sd3.text.TextTower;
import java.util.Set;

/**
 * A training of an adapter, for {@link MemoryNeed}.
 *
 * @param load how the frozen model is held
 * @param side of the pictures in pixels
 * @param batch pictures of an update
 * @param shards parts of a batch that are computed side by side; divides it
 * @param checkpointing whether each block is computed twice
 * @param parameters numbers that are trained
 * @param optimizer bytes that the optimizer remembers of them
 * @param towers text encoders that are in memory too, since their adapters are trained
 */
public record TrainingPlan(
        LoadOptions load,
        int side,
        int batch,
        int shards,
        boolean checkpointing,
        long parameters,
        long optimizer,
        Set<TextTower> towers) {
    private static final int MOMENTS = 2;

    /** A training of the transformer's adapter alone, by an optimizer such as AdamW. */
    public TrainingPlan(
            LoadOptions load,
            int side,
            int batch,
            int shards,
            boolean checkpointing,
            long parameters) {
        this(load, side, batch, shards, checkpointing, parameters, Set.of());
    }

    /** A training by an optimizer with two moments in fp32, such as AdamW. */
    public TrainingPlan(
            LoadOptions load,
            int side,
            int batch,
            int shards,
            boolean checkpointing,
            long parameters,
            Set<TextTower> towers) {
        this(
                load,
                side,
                batch,
                shards,
                checkpointing,
                parameters,
                parameters * MOMENTS * DType.FP32.bytes(),
                towers);
    }

    /** Refuses what no training is. */
    public TrainingPlan {
        towers = Set.copyOf(towers);
        if (side < 1 || batch < 1 || shards < 1 || batch % shards != 0 || parameters < 1) {
            throw new IllegalArgumentException(
                    "a training of side %d, batch %d in %d shards, %d parameters"
                            .formatted(side, batch, shards, parameters));
        }
        if (optimizer < 0) {
            throw new IllegalArgumentException(optimizer + " bytes of an optimizer");
        }
    }

    /** Returns what the busiest of so many devices takes of it. */
    public TrainingPlan onEachOf(int devices) {
        int own = (shards + devices - 1) / devices;
        return new TrainingPlan(
                load,
                side,
                batch / shards * own,
                own,
                checkpointing,
                parameters,
                optimizer,
                towers);
    }
}
