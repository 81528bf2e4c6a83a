package dev.stanstudio.adapter.file;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.sd3.checkpoint.Weights;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.text.TextTower;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The weights that adapters change: those of the transformer, and those of text encoders under
 * names that begin with the encoder's, such as {@code text_encoder_2.}. Immutable and thread-safe;
 * the model must stay open.
 *
 * @param transformer its weights
 * @param towers weights by text encoder
 */
public record ModelWeights(Weights transformer, Map<TextTower, Weights> towers) implements Weights {
    /** Keeps a copy of the map. */
    public ModelWeights {
        towers = Map.copyOf(towers);
    }

    /** Returns the weights of {@code source}. */
    public static ModelWeights of(ModelSource source) {
        Map<TextTower, Weights> towers = new EnumMap<>(TextTower.class);
        if (source.hasTextEncoders()) {
            towers.put(TextTower.CLIP_L, source.clip(1).weights());
            towers.put(TextTower.CLIP_G, source.clip(2).weights());
            source.t5().ifPresent(part -> towers.put(TextTower.T5, part.weights()));
        }
        return new ModelWeights(source.transformer(), towers);
    }

    private record Place(Weights weights, String name) {}

    private Place place(String name) {
        for (Map.Entry<TextTower, Weights> tower : towers.entrySet()) {
            String prefix = tower.getKey().prefix();
            if (name.startsWith(prefix)) {
                return new Place(tower.getValue(), name.substring(prefix.length()));
            }
        }
        return new Place(transformer, name);
    }

    @Override
    public Set<String> names() {
        Set<String> names = new HashSet<>(transformer.names());
        towers.forEach(
                (tower, weights) ->
                        weights.names().forEach(name -> names.add(tower.prefix() + name)));
        return names;
    }

    @Override
    public long[] shape(String name) {
        Place place = place(name);
        return place.weights().shape(place.name());
    }

    @Override
    public DType dtype(String name) {
        Place place = place(name);
        return place.weights().dtype(place.name());
    }

    @Override
    public Tensor open(Scope scope, String name) {
        Place place = place(name);
        return place.weights().open(scope, place.name());
    }

    @Override
    public String origin() {
        return transformer.origin();
    }
}
