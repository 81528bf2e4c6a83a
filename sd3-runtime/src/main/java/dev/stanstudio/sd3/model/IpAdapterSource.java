package dev.stanstudio.sd3.model;

import dev.stanstudio.base.UserException;
import dev.stanstudio.safetensors.TensorCollection;
import dev.stanstudio.sd3.checkpoint.ConfigReader;
import dev.stanstudio.sd3.checkpoint.Fingerprint;
import dev.stanstudio.sd3.checkpoint.StoredWeights;
import dev.stanstudio.sd3.checkpoint.StoredWeights.Part;
import dev.stanstudio.sd3.checkpoint.TensorFiles;
import dev.stanstudio.sd3.checkpoint.Weights;
import dev.stanstudio.sd3.mmdit.IpAdapterKeys;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import dev.stanstudio.sd3.mmdit.SiglipConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The files of an IP-Adapter for Stable Diffusion 3: ip-adapter.safetensors under InstantX's or
 * diffusers' names, and beside it the folder image_encoder with SigLIP as transformers saves it.
 */
public final class IpAdapterSource implements AutoCloseable {
    private static final String WEIGHTS = "ip-adapter";
    private static final String PICKLE = WEIGHTS + ".bin";
    private static final String CONVERT =
            "%s is a pickle, which can run code; only safetensors are read: if you trust it, run in"
                    + " its folder python -c \"import torch, safetensors.torch as s; d ="
                    + " torch.load('%s', weights_only=True); s.save_file({a + '.' + k:"
                    + " d[a][k].contiguous() for a in d for k in d[a]},"
                    + " 'ip-adapter.safetensors')\"";

    private static final String ENCODER = "image_encoder";
    private static final String TOWER = "vision_model.";

    /** Begins the tensors of SigLIP's text tower and of what joins both towers. */
    private static final List<String> BESIDE = List.of("text_model.", "logit_");

    /** A tensor that other models' IP-Adapters lack: the attentions read the timestep. */
    private static final String SIGN = IpAdapterKeys.ATTENTION + "0.norm_ip.linear.weight";

    private static final String OUTPUT = IpAdapterKeys.PROJECTION + "proj_out.weight";

    /** InstantX's names in a layer of the resampler, and diffusers'. */
    private static final Map<String, String> LAYER =
            Map.of(
                    "0.norm1", "ln0",
                    "0.norm2", "ln1",
                    "0.to_q", "attn.to_q",
                    "0.to_kv", "attn.to_kv",
                    "0.to_out", "attn.to_out.0",
                    "1.0", "adaln_norm",
                    "1.1", "ff.net.0.proj",
                    "1.3", "ff.net.2",
                    "2.1", "adaln_proj");

    private final Path path;
    private final Path encoder;
    private final TensorFiles files = new TensorFiles();
    private final TensorCollection tensors;
    private final TensorCollection towerTensors;
    private final StoredWeights weights;
    private final StoredWeights tower;
    private final SiglipConfig config;
    private final PictureScaling scaling;

    private IpAdapterSource(Path path, Path encoder, TensorCollection tensors) {
        this.path = path;
        this.encoder = encoder;
        this.tensors = tensors;
        weights = StoredWeights.of(tensors, files, IpAdapterSource::diffusersName);
        for (String sign : List.of(SIGN, OUTPUT)) {
            if (!weights.names().contains(sign)) {
                throw IpAdapterKind.refusal(path, tensors.tensors().keySet(), sign);
            }
        }
        if (!Files.isDirectory(encoder)) {
            throw new UserException(
                    "the IP-Adapter %s has no image encoder: put the folder of its SigLIP"
                                    .formatted(path)
                            + " (google/siglip-so400m-patch14-384 for InstantX's) at "
                            + encoder);
        }
        config = SiglipConfig.read(ConfigReader.of(encoder.resolve("config.json")));
        scaling = PictureScaling.read(encoder, config.imageSize());
        towerTensors = TensorCollection.open(encoder, "model", null);
        tower = tower(towerTensors);
    }

    private StoredWeights tower(TensorCollection stored) {
        Map<String, Part> parts = new LinkedHashMap<>();
        stored.tensors()
                .forEach(
                        (name, tensor) -> {
                            if (BESIDE.stream().noneMatch(name::startsWith)) {
                                boolean older = name.startsWith(TOWER);
                                String own = older ? name.substring(TOWER.length()) : name;
                                StoredWeights.add(parts, own, Part.whole(tensor));
                            }
                        });
        return new StoredWeights(encoder.toString(), files, parts);
    }

    /**
     * Opens a folder, or a file whose image encoder lies beside it, and reads the headers.
     *
     * @throws UserException if it holds no IP-Adapter for Stable Diffusion 3, or lacks the encoder
     */
    public static IpAdapterSource open(Path path) {
        if (!Files.exists(path)) {
            throw new UserException("there is no IP-Adapter at " + path);
        }
        refusePickle(path);
        if (!Files.isDirectory(path)) {
            Path beside = path.toAbsolutePath().resolveSibling(ENCODER);
            return new IpAdapterSource(path, beside, TensorCollection.open(path));
        }
        return new IpAdapterSource(
                path, path.resolve(ENCODER), TensorCollection.open(path, WEIGHTS, null));
    }

    /** InstantX publishes a pickle; it holds two dictionaries, whose names safetensors joins. */
    private static void refusePickle(Path path) {
        boolean alone =
                Files.isDirectory(path)
                        && Files.exists(path.resolve(PICKLE))
                        && !Files.exists(path.resolve(WEIGHTS + ".safetensors"));
        if (alone || path.toString().endsWith(".bin")) {
            Path pickle = alone ? path.resolve(PICKLE) : path;
            throw new UserException(CONVERT.formatted(pickle, pickle.getFileName()));
        }
    }

    /** A name of InstantX's file as diffusers gives it; diffusers' own stay. */
    private static String diffusersName(String name) {
        String layers = IpAdapterKeys.PROJECTION + "layers.";
        if (!name.startsWith(layers)) {
            return name;
        }
        int dot = name.indexOf('.', layers.length());
        int leaf = name.lastIndexOf('.');
        if (dot < 0 || leaf <= dot) {
            return name;
        }
        String stem = name.substring(dot + 1, leaf);
        String own = LAYER.getOrDefault(stem, stem);
        return name.substring(0, dot + 1) + own + name.substring(leaf);
    }

    /** The folder or file. */
    public Path path() {
        return path;
    }

    /** The adapter's tensors under diffusers' names. */
    public Weights weights() {
        return weights;
    }

    /** The image encoder's tensors under transformers' names. */
    public Weights tower() {
        return tower;
    }

    /** The shape of the image encoder. */
    public SiglipConfig towerConfig() {
        return config;
    }

    /** The preprocessing of pictures for the image encoder. */
    public PictureScaling scaling() {
        return scaling;
    }

    /**
     * Refuses a transformer of another width than the adapter was made for.
     *
     * @throws UserException that names both
     */
    public void checkFit(String model, MmditConfig transformer) {
        int width = Math.toIntExact(weights.shape(OUTPUT)[0]);
        if (width != transformer.width()) {
            throw new UserException(
                    "the IP-Adapter %s is %d wide, %s needs %d; take one that was made for this model"
                            .formatted(path, width, model, transformer.width()));
        }
    }

    /**
     * The identity of the adapter's and the encoder's weights and of how pictures are prepared
     * ({@link Fingerprint}).
     */
    public String fingerprint() {
        return Fingerprint.ofSettings(
                Fingerprint.of(List.of(tensors, towerTensors)), config, scaling);
    }

    @Override
    public void close() {
        files.close();
    }
}
