package dev.stanstudio.pretrain.mmdit;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.pretrain.NanoFolder;
import dev.stanstudio.pretrain.NanoShapes;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.mmdit.ControlNetConfig;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.text.PromptEncoder;
import dev.stanstudio.sd3.vae.Vae;
import dev.stanstudio.training.Trainee;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/**
 * Sets up the training of a control network for a finished model: opens the model, encodes
 * pictures, their edges and captions with it, and writes the network's folder. Belongs to one
 * thread.
 */
final class ControlSession implements AutoCloseable {
    private static final String CACHE = "cache";
    private static final String EDGES = "edges";
    private static final String EXPORT = "export";

    private final Path out;
    private final Scope scope = Scope.open("control session");
    private final ControlNetConfig config;
    private final MmditConfig transformer;
    private final ControlPretraining training;

    /**
     * Names the inputs and the folder of a session.
     *
     * @param out folder of the training; the network is written into its {@code export}
     * @param model folder of the finished model
     * @param pictures how many different pictures, in thousands of one
     * @param layers blocks of the network
     */
    record Parts(Path out, Path model, int pictures, int layers) {
        Parts {
            if (pictures < 1000 || pictures % 1000 != 0) {
                throw new ArgumentException("pictures must be a multiple of 1000, not " + pictures);
            }
            if (layers < 1) {
                throw new ArgumentException("--layers must be at least 1, not " + layers);
            }
        }
    }

    /**
     * Returns the shape of the network, before a folder is made for it.
     *
     * @throws UserException if the model has too few blocks for it
     */
    static ControlNetConfig config(Parts parts) {
        try (ModelSource source = ModelSource.open(parts.model(), null, null)) {
            return ControlNetConfig.of(source.transformerConfig(), parts.layers());
        }
    }

    /**
     * Draws and encodes the pictures, which takes minutes the first time, and begins the training.
     *
     * @param progress receives the number of encoded pictures, of twice as many as there are
     * @throws UserException if the model makes pictures of another size than the procedural ones
     */
    ControlSession(Parts parts, MmditSettings settings, Device device, LongConsumer progress) {
        this.out = parts.out();
        try {
            ModelSource source = scope.own(ModelSource.open(parts.model(), null, null));
            transformer = source.transformerConfig();
            config = ControlNetConfig.of(transformer, parts.layers());
            requireSide(source);
            Placement exact = new Placement(device, DType.FP32);
            Placement coarse = new Placement(device, settings.dtype());
            Vae vae = scope.own(Vae.load(source.vaeConfig(), source.vae(), coarse));
            PromptEncoder encoder =
                    NanoTowers.open(scope, source, transformer.jointAttentionDim(), exact);
            String identity =
                    parts.pictures()
                            + " "
                            + vae.config()
                            + " "
                            + NanoFolder.vaeIdentity(parts.model());
            BaseData base =
                    BaseData.load(
                            scope,
                            out.resolve(CACHE),
                            identity,
                            parts.pictures(),
                            vae,
                            encoder,
                            settings.shards(),
                            progress);
            ControlData data =
                    ControlData.load(
                            scope,
                            out.resolve(CACHE).resolve(EDGES),
                            identity,
                            base,
                            vae,
                            settings.shards(),
                            count -> progress.accept(parts.pictures() + count));
            training =
                    scope.own(
                            new ControlPretraining(
                                    new ControlPretraining.Base(transformer, source.transformer()),
                                    config,
                                    settings,
                                    device,
                                    data,
                                    vae));
        } catch (RuntimeException | Error e) {
            scope.close();
            throw e;
        }
    }

    private void requireSide(ModelSource source) {
        int side = transformer.sampleSize() * source.vaeConfig().factor();
        if (side != NanoShapes.SIDE) {
            throw new UserException(
                    "%s draws pictures of %d pixels a side, the procedural ones have %d; name sd3-nano or another model of that size"
                            .formatted(source.name(), side, NanoShapes.SIDE));
        }
    }

    /** Returns the training. */
    Trainee training() {
        return training;
    }

    /** Writes the averaged network as diffusers' SD3ControlNetModel. */
    void export() {
        new NanoFolder(out.resolve(EXPORT))
                .control(config, transformer.sampleSize(), training.averagedWeights());
    }

    @Override
    public void close() {
        scope.close();
    }
}
