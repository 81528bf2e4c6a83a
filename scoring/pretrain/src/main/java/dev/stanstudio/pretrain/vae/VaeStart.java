package dev.stanstudio.pretrain.vae;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.pretrain.InitialWeights;
import dev.stanstudio.pretrain.NanoFolder;
import dev.stanstudio.sd3.checkpoint.TensorFiles;
import dev.stanstudio.sd3.vae.VaeConfig;
import dev.stanstudio.sd3.vae.VaeKeys;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A model, or an earlier export, whose autoencoder is trained further.
 *
 * @param folder with {@code vae/}
 * @param decoderOnly true if the encoder stays to the bit, with shift and scale: latents then stay
 *     what they are
 */
public record VaeStart(Path folder, boolean decoderOnly) {
    /** Returns a copy in fp32, which half precision gives back unchanged. */
    private static Tensor exact(Scope scope, Tensor tensor) {
        return Tensors.combine(scope, new double[] {1}, List.of(tensor), DType.FP32);
    }

    /** Returns the autoencoder's weights in fp32; {@code scope} owns them. */
    Map<String, Tensor> weights(Scope scope, VaeConfig config) {
        try (TensorFiles files = new TensorFiles();
                Scope local = Scope.open("stored autoencoder")) {
            Map<String, Tensor> weights = new LinkedHashMap<>();
            InitialWeights.of(
                            local,
                            "autoencoder",
                            NanoFolder.vaeWeights(folder, files),
                            VaeKeys.shapes(config),
                            Set.of())
                    .forEach((name, tensor) -> weights.put(name, exact(scope, tensor)));
            return weights;
        }
    }

    /** Returns the autoencoder's configuration. */
    VaeConfig config() {
        return NanoFolder.vaeConfig(folder);
    }
}
