package dev.stanstudio.pretrain.mmdit;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.pretrain.NanoFolder;
import dev.stanstudio.pretrain.NanoShapes;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.checkpoint.Weights;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.text.PromptEncoder;
import dev.stanstudio.sd3.vae.Vae;
import dev.stanstudio.training.Trainee;
import java.nio.file.Path;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Sets up the training of sd3-nano's transformer: opens the finished autoencoder and towers,
 * encodes latents and captions with them, and writes the folder of the whole model. Belongs to one
 * thread.
 */
public final class MmditSession implements AutoCloseable {
    private static final String EXPORT = "export";
    private static final String CACHE = "cache";

    private final Path out;
    private final Scope scope = Scope.open("mmdit session");
    private final MmditPretraining training;

    /**
     * Names the inputs and the folder of a session.
     *
     * @param out folder of the training; the model is put together in its {@code export}
     * @param vae folder with {@code vae/}
     * @param towers folder with the text encoders and tokenizers
     * @param pictures how many different pictures, in thousands of one
     * @param start a model whose transformer is trained further, or null for one from nothing
     */
    public record Parts(Path out, Path vae, Path towers, int pictures, @Nullable Path start) {
        /** Refuses counts that are no multiple of a thousand. */
        public Parts {
            if (pictures < 1000 || pictures % 1000 != 0) {
                throw new ArgumentException("pictures must be a multiple of 1000, not " + pictures);
            }
        }
    }

    /**
     * Draws and encodes the pictures, which takes minutes the first time, and begins the training.
     *
     * @param progress receives the number of encoded pictures
     */
    public MmditSession(Parts parts, MmditSettings settings, Device device, LongConsumer progress) {
        this.out = parts.out();
        NanoFolder folder = new NanoFolder(out.resolve(EXPORT));
        folder.parts(parts.vae(), parts.towers());
        try {
            ModelSource source = scope.own(ModelSource.open(out.resolve(EXPORT), null, null));
            Placement coarse = new Placement(device, settings.dtype());
            Placement exact = new Placement(device, DType.FP32);
            Vae vae = scope.own(Vae.load(source.vaeConfig(), source.vae(), coarse));
            int width = NanoShapes.MMDIT.jointAttentionDim();
            PromptEncoder encoder = NanoTowers.open(scope, source, width, exact);
            BaseData data =
                    BaseData.load(
                            scope,
                            out.resolve(CACHE),
                            parts.pictures()
                                    + " "
                                    + vae.config()
                                    + " "
                                    + NanoFolder.vaeIdentity(parts.vae()),
                            parts.pictures(),
                            vae,
                            encoder,
                            settings.shards(),
                            progress);
            Weights start =
                    parts.start() == null
                            ? null
                            : scope.own(ModelSource.open(parts.start(), null, null)).transformer();
            training =
                    scope.own(
                            new MmditPretraining(
                                    NanoShapes.MMDIT, settings, device, data, vae, start));
        } catch (RuntimeException | Error e) {
            scope.close();
            throw e;
        }
    }

    /** Returns the training. */
    public Trainee training() {
        return training;
    }

    /** Writes the averaged transformer into the model's folder, which is then complete. */
    public void export() {
        new NanoFolder(out.resolve(EXPORT))
                .transformer(NanoShapes.MMDIT, training.averagedWeights());
    }

    @Override
    public void close() {
        scope.close();
    }
}
