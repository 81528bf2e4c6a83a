package dev.stanstudio.pretrain;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.safetensors.TensorCollection;
import dev.stanstudio.sd3.checkpoint.ConfigReader;
import dev.stanstudio.sd3.checkpoint.Fingerprint;
import dev.stanstudio.sd3.checkpoint.StoredWeights;
import dev.stanstudio.sd3.checkpoint.TensorFiles;
import dev.stanstudio.sd3.checkpoint.WeightFile;
import dev.stanstudio.sd3.checkpoint.Weights;
import dev.stanstudio.sd3.mmdit.ControlNetConfig;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import dev.stanstudio.sd3.model.ConfigJson;
import dev.stanstudio.sd3.vae.VaeConfig;
import dev.stanstudio.synth.paint.ArtStyle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Writes the parts of sd3-nano as a diffusers folder, weights in fp16. */
public final class NanoFolder {
    private static final String DIFFUSERS_FILE = "diffusion_pytorch_model.safetensors";
    private static final List<String> TOWERS =
            List.of("text_encoder", "text_encoder_2", "tokenizer", "tokenizer_2");

    /** Shift of the timesteps: the training has none. */
    private static final double SHIFT = 1;

    private static final int STEPS = 20;
    private static final double GUIDANCE = 4;
    private static final int T5_LENGTH = 256;

    private final Path folder;

    public NanoFolder(Path folder) {
        this.folder = folder;
    }

    /** {@code vae/}: configuration and weights. */
    public void vae(VaeConfig config, Weights weights) {
        json("vae", "config.json", ConfigJson.vae(config));
        WeightFile.write(folder.resolve("vae").resolve(DIFFUSERS_FILE), weights, DType.FP16);
    }

    /** The configuration of {@code folder/vae}. */
    public static VaeConfig vaeConfig(Path folder) {
        return VaeConfig.read(ConfigReader.of(folder.resolve("vae").resolve("config.json")));
    }

    /** The identity of the weights of {@code folder/vae}. */
    public static String vaeIdentity(Path folder) {
        return Fingerprint.of(List.of(vaeTensors(folder)));
    }

    /** The weights of {@code folder/vae}, read from {@code files}, which the caller closes. */
    public static Weights vaeWeights(Path folder, TensorFiles files) {
        return StoredWeights.of(vaeTensors(folder), files, UnaryOperator.identity());
    }

    private static TensorCollection vaeTensors(Path folder) {
        Path file = folder.resolve("vae").resolve(DIFFUSERS_FILE);
        if (!Files.isRegularFile(file)) {
            throw new UserException(folder + " has no vae/" + DIFFUSERS_FILE);
        }
        return TensorCollection.open(file);
    }

    /** {@code transformer/}: configuration and weights. */
    public void transformer(MmditConfig config, Weights weights) {
        json("transformer", "config.json", ConfigJson.transformer(config));
        WeightFile.write(
                folder.resolve("transformer").resolve(DIFFUSERS_FILE), weights, DType.FP16);
    }

    /**
     * Writes a control network into the folder itself, as diffusers' SD3ControlNetModel.
     *
     * @param sampleSize side of the latents that it was trained with
     */
    public void control(ControlNetConfig config, int sampleSize, Weights weights) {
        json("", "config.json", ConfigJson.control(config, sampleSize));
        WeightFile.write(folder.resolve(DIFFUSERS_FILE), weights, DType.FP16);
    }

    /**
     * Copies the autoencoder and the text towers, and writes what says how they belong together.
     */
    public void parts(Path vae, Path towers) {
        copy(vae, "vae");
        TOWERS.forEach(name -> copy(towers, name));
        json("scheduler", "scheduler_config.json", ConfigJson.scheduler(SHIFT));
        ObjectNode index = ConfigJson.index(false);
        ObjectNode studio = index.putObject("_studio");
        studio.put("width", NanoShapes.SIDE)
                .put("height", NanoShapes.SIDE)
                .put("steps", STEPS)
                .put("guidance", GUIDANCE)
                .put("max_sequence_length", T5_LENGTH);
        ArrayNode unseen = studio.putArray("unseen_styles");
        ArtStyle.unseen().forEach(style -> unseen.add(style.words()));
        json("", "model_index.json", index);
    }

    private void copy(Path from, String name) {
        Path source = from.resolve(name);
        if (!Files.isDirectory(source)) {
            throw new UserException(
                    from + " has no folder " + name + "; finish that training first");
        }
        try (Stream<Path> files = Files.list(source)) {
            Files.createDirectories(folder.resolve(name));
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(
                        file,
                        folder.resolve(name).resolve(String.valueOf(file.getFileName())),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UserException(folder + " cannot be written: " + AtomicFile.reason(e), e);
        }
    }

    private void json(String name, String file, ObjectNode content) {
        try {
            Path target = Files.createDirectories(folder.resolve(name)).resolve(file);
            AtomicFile.write(
                    target,
                    out ->
                            out.write(
                                    Json.PLAIN
                                            .writerWithDefaultPrettyPrinter()
                                            .writeValueAsBytes(content)));
        } catch (IOException e) {
            throw new UserException(folder + " cannot be written: " + AtomicFile.reason(e), e);
        }
    }
}
