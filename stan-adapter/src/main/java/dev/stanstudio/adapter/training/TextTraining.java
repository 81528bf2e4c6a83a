package dev.stanstudio.adapter.training;

import dev.stanstudio.engine.Autograd;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.text.CaptionEncoder;
import dev.stanstudio.sd3.text.TextAdapters;
import dev.stanstudio.sd3.text.TextTower;
import java.util.List;
import java.util.Map;

/**
 * States how text encoders are trained beside the transformer.
 *
 * @param towers the encoders
 * @param factors their learning rates as multiples of the transformer's
 * @param last number of the last update that moves their adapters
 */
record TextTraining(TrainedTowers towers, Map<TextTower, Double> factors, long last) {
    TextTraining {
        factors = Map.copyOf(factors);
    }

    /**
     * Encodes captions of update {@code number}; once the adapters rest, nothing is recorded.
     *
     * @param known their embeddings without adapters
     */
    CaptionEncoder.Rows encode(
            Scope scope,
            List<String> captions,
            CaptionEncoder.Rows known,
            TextAdapters adapters,
            long number) {
        if (number <= last) {
            return towers.encode(scope, captions, known, adapters);
        }
        try (Autograd paused = Autograd.pause()) {
            CaptionEncoder.Rows rows = towers.encode(scope, captions, known, adapters);
            return new CaptionEncoder.Rows(
                    Tensors.recordable(scope, rows.tokens()),
                    Tensors.recordable(scope, rows.pooled()));
        }
    }
}
