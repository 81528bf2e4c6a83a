package dev.stanstudio.adapter.file;

import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.UserException;
import dev.stanstudio.safetensors.SafetensorsFile;
import dev.stanstudio.safetensors.TensorCollection;
import dev.stanstudio.sd3.checkpoint.ConfigReader;
import dev.stanstudio.sd3.pipeline.AdapterPlace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The files of one adapter.
 *
 * @param given what the user named, for errors
 * @param file the tensors
 * @param config PEFT's configuration, if the adapter has one
 */
record LoraLocation(Path given, SafetensorsFile file, Optional<ConfigReader> config) {
    private static final String CONFIG = "adapter_config.json";
    private static final String PEFT = "adapter_model";
    private static final String DIFFUSERS = "pytorch_lora_weights";
    private static final String SUFFIX = ".safetensors";
    private static final List<String> PICKLES = List.of(".bin", ".pt", ".pth", ".ckpt");

    static LoraLocation find(Path path) {
        if (!Files.exists(path)) {
            throw new UserException("there is no adapter at " + path);
        }
        if (Files.isDirectory(path)) {
            return inFolder(path);
        }
        boolean peft = String.valueOf(path.getFileName()).equals(PEFT + SUFFIX);
        Path config = path.resolveSibling(CONFIG);
        return new LoraLocation(
                path,
                SafetensorsFile.open(path),
                peft && Files.exists(config)
                        ? Optional.of(ConfigReader.of(config))
                        : Optional.empty());
    }

    private static LoraLocation inFolder(Path folder) {
        List<String> names = names(folder);
        if (names.contains(CONFIG)) {
            return new LoraLocation(
                    folder,
                    single(TensorCollection.open(folder, PEFT, null)),
                    Optional.of(ConfigReader.of(folder.resolve(CONFIG))));
        }
        if (names.stream().anyMatch(name -> name.startsWith(DIFFUSERS))) {
            return new LoraLocation(
                    folder,
                    single(TensorCollection.open(folder, DIFFUSERS, null)),
                    Optional.empty());
        }
        return find(folder.resolve(only(folder, names)));
    }

    private static List<String> names(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
        } catch (IOException e) {
            throw new UserException(folder + " cannot be listed: " + AtomicFile.reason(e), e);
        }
    }

    private static SafetensorsFile single(TensorCollection tensors) {
        if (tensors.files().size() != 1) {
            throw new UserException(
                    "%s cuts the adapter into %s files; only one is supported"
                            .formatted(tensors.source(), tensors.files().size()));
        }
        return tensors.files().get(0);
    }

    private static void refuseTraining(Path folder) {
        Path adapter = folder.resolve(AdapterPlace.FINISHED);
        if (Files.isRegularFile(adapter.resolve(CONFIG))) {
            throw new UserException(
                    "%s is the folder of a training; name its adapter, %s"
                            .formatted(folder, adapter));
        }
    }

    /** The one safetensors file; a lone pickle is opened too, for its refusal says what to do. */
    private static String only(Path folder, List<String> names) {
        refuseTraining(folder);
        List<String> tensors = names.stream().filter(name -> name.endsWith(SUFFIX)).toList();
        List<String> pickles =
                names.stream().filter(name -> PICKLES.stream().anyMatch(name::endsWith)).toList();
        if (tensors.size() > 1) {
            throw new UserException(
                    folder + " holds " + tensors.size() + " safetensors files; name one of them");
        }
        return Stream.concat(tensors.stream(), pickles.stream())
                .findFirst()
                .orElseThrow(
                        () ->
                                new UserException(
                                        "%s holds no adapter: neither %s nor a safetensors file"
                                                .formatted(folder, CONFIG)));
    }
}
