package dev.stanstudio.adapter.training;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Closing;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.EngineException;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.mmdit.Mmdit;
import dev.stanstudio.training.Shards;
import java.util.ArrayList;
import java.util.List;

/**
 * The devices that the shards of a batch are computed on, one after the other in turn. The adapter
 * is trained on the first; the others follow it before each batch, and their gradients are summed
 * there in the shards' order, so that a result does not depend on the number of devices. Belongs to
 * one training.
 */
final class ShardPlaces implements AutoCloseable {
    private final List<AdapterLoss> places;
    private final Shards shards;

    private ShardPlaces(List<AdapterLoss> places, int shards) {
        this.places = List.copyOf(places);
        this.shards = new Shards(shards);
    }

    /**
     * Makes one place for each network.
     *
     * @param transformers the same frozen network on each device
     * @param adapter on the first one's device; those of the others are copies
     * @param captions reads captions on the first device
     * @throws ArgumentException if there are fewer shards than devices
     */
    static ShardPlaces over(
            List<Mmdit> transformers,
            PlacedAdapter adapter,
            AdapterStep.Settings settings,
            AdapterLoss.Captions captions) {
        require(settings.shards(), transformers.size());
        List<AdapterLoss> places = new ArrayList<>();
        for (Mmdit transformer : transformers) {
            places.add(
                    new AdapterLoss(
                            transformer,
                            places.isEmpty()
                                    ? adapter
                                    : adapter.copyTo(transformer.placement().device()),
                            settings.objective(),
                            settings.checkpointing(),
                            captions));
        }
        return new ShardPlaces(places, settings.shards());
    }

    /** Refuses fewer shards than devices: one of them would have nothing to do. */
    static void require(int shards, int devices) {
        if (shards < devices) {
            throw new ArgumentException(
                    "a batch in %d shards does not reach %d devices; name fewer with --device, or give --batch and --shards a multiple of %d"
                            .formatted(shards, devices, devices));
        }
    }

    /** Returns the number of shards. */
    int shards() {
        return shards.count();
    }

    /** Returns the place that the adapter is trained on. */
    AdapterLoss first() {
        return places.get(0);
    }

    /**
     * Returns the mean of all shards' gradients.
     *
     * @param losses receives the loss of each shard
     * @throws EngineException that names the device, where there are several
     */
    List<Tensor> gradients(Scope scope, TrainingBatch batch, TrainingHook hook, double[] losses) {
        followers().forEach(place -> place.adapter().follow(first().adapter()));
        List<Tensor> mean =
                shards.gradients(
                        scope,
                        (local, shard) -> {
                            long start = shards.start(shard, batch.size());
                            long end = shards.start(shard + 1, batch.size());
                            return gathered(
                                    local, batch.rows(local, start, end), hook, losses, shard);
                        });
        followers().forEach(place -> first().adapter().takeMarks(place.adapter()));
        return mean;
    }

    private List<Tensor> gathered(
            Scope scope, TrainingBatch rows, TrainingHook hook, double[] losses, int shard) {
        AdapterLoss place = places.get(shard % places.size());
        try {
            List<Tensor> own = place.gradients(scope, rows, hook, loss -> losses[shard] = loss);
            if (place.device().equals(first().device())) {
                return own;
            }
            List<Tensor> moved = new ArrayList<>();
            own.forEach(g -> moved.add(Tensors.to(scope, g, first().device(), DType.FP32)));
            return moved;
        } catch (EngineException e) {
            throw places.size() == 1
                    ? e
                    : e.at(
                            "device %d of %d (%s)"
                                    .formatted(
                                            shard % places.size() + 1,
                                            places.size(),
                                            place.device()));
        }
    }

    private List<AdapterLoss> followers() {
        return places.subList(1, places.size());
    }

    @Override
    public void close() {
        shards.close();
        Closing.all(followers().stream().map(AdapterLoss::adapter).toList());
    }
}
