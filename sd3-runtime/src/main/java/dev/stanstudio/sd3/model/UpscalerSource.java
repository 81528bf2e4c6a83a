package dev.stanstudio.sd3.model;

import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.safetensors.TensorCollection;
import dev.stanstudio.sd3.checkpoint.Fingerprint;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.checkpoint.StoredWeights;
import dev.stanstudio.sd3.checkpoint.TensorFiles;
import dev.stanstudio.sd3.vae.Upscaler;
import dev.stanstudio.sd3.vae.UpscalerLayout;
import dev.stanstudio.sd3.vae.UpscalerNames;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** The file of an upscaling network: a safetensors file under any of ESRGAN's names. */
public final class UpscalerSource implements AutoCloseable {
    private static final List<String> PICKLES = List.of(".pth", ".pt", ".ckpt", ".bin");
    private static final String CONVERT =
            "%s is a pickle, which can run code; only safetensors are read: if you trust it, run in"
                    + " its folder python -c \"import torch, safetensors.torch as s; d ="
                    + " torch.load('%s', map_location='cpu', weights_only=True); d ="
                    + " d.get('params_ema', d.get('params', d)); s.save_file({k: v.contiguous() for"
                    + " k, v in d.items()}, '%s.safetensors')\"";

    private final TensorFiles files = new TensorFiles();
    private final TensorCollection tensors;
    private final StoredWeights weights;
    private final UpscalerLayout layout;

    private UpscalerSource(Path path) {
        tensors = TensorCollection.open(path);
        Set<String> names = tensors.tensors().keySet();
        UpscalerNames canonical = new UpscalerNames(names);
        weights = StoredWeights.of(tensors, files, canonical::canonical);
        layout =
                UpscalerLayout.of(weights)
                        .orElseThrow(
                                () ->
                                        new UserException(
                                                ("%s is no upscaler that is read here, such as"
                                                     + " ESRGAN's RRDBNet or Real-ESRGAN's compact"
                                                     + " network; it has %s")
                                                        .formatted(path, first(names))));
    }

    private static String first(Set<String> names) {
        return names.stream().sorted().findFirst().map(name -> "a tensor " + name).orElse("none");
    }

    /**
     * Opens a file and reads its header.
     *
     * @throws UserException if it holds no such network
     */
    public static UpscalerSource open(Path path) {
        if (!Files.exists(path)) {
            throw new UserException("there is no upscaler at " + path);
        }
        if (Files.isDirectory(path)) {
            throw new UserException("%s is a folder; name the upscaler's file".formatted(path));
        }
        String file = String.valueOf(path.getFileName());
        if (PICKLES.stream().anyMatch(file::endsWith)) {
            String stem = file.substring(0, file.lastIndexOf('.'));
            throw new UserException(CONVERT.formatted(path, file, stem));
        }
        return new UpscalerSource(path);
    }

    /** Returns the shape of the network. */
    public UpscalerLayout layout() {
        return layout;
    }

    /** Opens the network in fp32; the caller closes it before this. */
    public Upscaler load(Device device) {
        return Upscaler.load(layout, weights, new Placement(device, DType.FP32));
    }

    /** The identity of the weights ({@link Fingerprint}). */
    public String fingerprint() {
        return Fingerprint.of(List.of(tensors));
    }

    @Override
    public void close() {
        files.close();
    }
}
