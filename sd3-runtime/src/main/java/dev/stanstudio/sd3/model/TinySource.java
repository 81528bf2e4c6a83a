package dev.stanstudio.sd3.model;

import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.safetensors.TensorCollection;
import dev.stanstudio.sd3.checkpoint.ModelPlaces;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.checkpoint.StoredWeights;
import dev.stanstudio.sd3.checkpoint.StoredWeights.Part;
import dev.stanstudio.sd3.checkpoint.TensorFiles;
import dev.stanstudio.sd3.vae.TinyDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files of a tiny autoencoder's decoder: diffusers' folder or file ({@code decoder.layers.0},
 * AutoencoderTiny), or the author's file of the decoder alone ({@code 1}, taesd.py).
 */
public final class TinySource implements AutoCloseable {
    private static final String DIFFUSERS = "decoder.layers.";
    private static final String DIFFUSERS_ENCODER = "encoder.layers.";
    private static final String COMFY = "taesd_decoder.";
    private static final String WEIGHTS = "diffusion_pytorch_model";
    private static final List<String> NAMES =
            List.of("taesd3_decoder.safetensors", "taesd3.safetensors", "taesd3");
    private static final String HUB = "madebyollin/taesd3";

    private final TensorFiles files = new TensorFiles();
    private final StoredWeights weights;

    private TinySource(TensorCollection tensors) {
        Map<String, Part> parts = new LinkedHashMap<>();
        tensors.tensors()
                .forEach(
                        (name, tensor) -> {
                            if (!name.startsWith(DIFFUSERS_ENCODER)) {
                                StoredWeights.add(parts, bare(name), Part.whole(tensor));
                            }
                        });
        weights = new StoredWeights(tensors.source().toString(), files, parts);
    }

    private static String bare(String name) {
        return Stream.of(DIFFUSERS, COMFY)
                .filter(name::startsWith)
                .map(prefix -> name.substring(prefix.length()))
                .findFirst()
                .orElse(name);
    }

    /**
     * Opens a folder or file and reads its header.
     *
     * @throws UserException if it is none, or a pickle
     */
    public static TinySource open(Path path) {
        if (!Files.exists(path)) {
            throw new UserException("there is no preview decoder at " + path);
        }
        return new TinySource(
                Files.isDirectory(path)
                        ? TensorCollection.open(path, WEIGHTS, null)
                        : TensorCollection.open(path));
    }

    /**
     * Refuses a file that holds no such decoder; null is none.
     *
     * @throws UserException that names it
     */
    public static void check(@Nullable Path path) {
        if (path != null) {
            try (TinySource source = open(path);
                    TinyDecoder decoder = source.load(Device.CPU)) {
                int unused = decoder.latentChannels();
            }
        }
    }

    /**
     * Returns the decoder that lies with a model: in its folder or beside its file, and for the
     * autoencoder that all published SD3 and SD3.5 models share also where models are found.
     */
    public static Optional<Path> find(ModelSource model) {
        Path path = model.path().toAbsolutePath();
        Path folder =
                Files.isDirectory(path) ? path : Objects.requireNonNull(path.getParent(), "a file");
        Optional<Path> own = in(folder);
        boolean published = model.vaeConfig().equals(Sd3Vae.CONFIG);
        if (own.isPresent() || !published) {
            return own;
        }
        ModelPlaces places = ModelPlaces.ofUser();
        return in(places.folder()).or(() -> places.snapshot(HUB, WEIGHTS + ".safetensors"));
    }

    private static Optional<Path> in(Path folder) {
        return NAMES.stream().map(folder::resolve).filter(Files::exists).findFirst();
    }

    /**
     * Opens the decoder in fp32; the caller closes it before this.
     *
     * @throws UserException if it is none
     */
    public TinyDecoder load(Device device) {
        return TinyDecoder.load(weights, new Placement(device, DType.FP32));
    }

    @Override
    public void close() {
        files.close();
    }
}
