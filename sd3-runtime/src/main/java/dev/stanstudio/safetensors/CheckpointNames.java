package dev.stanstudio.safetensors;

import dev.stanstudio.safetensors.SafetensorsException.Violation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The file names under which a component's weights are published, and the order to look for them.
 *
 * <p>Source: diffusers {@code hub_utils.py} and {@code pipeline_loading_utils.py}.
 */
final class CheckpointNames {
    /** Ending of the name of a safetensors file. */
    static final String SUFFIX = ".safetensors";

    private static final String INDEX = ".index";
    private static final String PICKLED_BASE = "pytorch_model";
    private static final String JSON = ".json";
    private static final int SHOWN = 4;
    private static final Pattern VARIANT = Pattern.compile("[A-Za-z0-9_-]+");
    private static final Pattern PICKLE = Pattern.compile(".*\\.(bin|pt|pth|ckpt)(\\.index\\..*)?");

    private CheckpointNames() {}

    /** Returns true if {@code file} is to be read as an index. */
    static boolean isIndex(Path file) {
        return file.toString().endsWith(JSON);
    }

    /**
     * The index or safetensors file of {@code folder} that holds {@code base}: the variant's if it
     * has one, else the plain one; an index before a single file.
     */
    static Path find(Path folder, String base, @Nullable String variant) {
        if (!Files.isDirectory(folder)) {
            boolean exists = Files.exists(folder);
            throw new SafetensorsException(
                    exists ? Violation.WRONG_KIND : Violation.NOT_FOUND,
                    folder,
                    exists
                            ? "is not a folder; name the folder that holds the weights"
                            : "no such folder; check the path");
        }
        List<String> names = candidates(folder, base, variant);
        return names.stream()
                .map(folder::resolve)
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() -> nothing(folder, base, names));
    }

    private static List<String> candidates(Path folder, String base, @Nullable String variant) {
        List<String> names = new ArrayList<>();
        if (variant != null) {
            if (!VARIANT.matcher(variant).matches()) {
                throw new SafetensorsException(
                        Violation.BAD_VARIANT,
                        folder,
                        "variant %s is not a word of letters and digits; name one such as fp16"
                                .formatted(HeaderJson.quote(variant)));
            }
            names.add(base + SUFFIX + INDEX + "." + variant + JSON);
            names.add(base + SUFFIX + "." + variant + INDEX + JSON);
            names.add(base + "." + variant + SUFFIX);
        }
        names.add(base + SUFFIX + INDEX + JSON);
        names.add(base + SUFFIX);
        return names;
    }

    private static SafetensorsException nothing(Path folder, String base, List<String> tried) {
        for (String name : tried) {
            if (Files.isSymbolicLink(folder.resolve(name))) {
                return new SafetensorsException(
                        Violation.NOT_FOUND,
                        folder.resolve(name),
                        "is a link to a file that is not there; get the file again");
            }
        }
        List<String> others = siblings(folder, base);
        if (!others.isEmpty() && others.stream().allMatch(n -> PICKLE.matcher(n).matches())) {
            return new SafetensorsException(
                    Violation.PICKLE,
                    folder,
                    "has only %s; %s".formatted(others.get(0), ForeignFormat.NO_PICKLE));
        }
        String found =
                others.isEmpty()
                        ? "nothing of that name is there; check the path"
                        : "found only %s; name its variant"
                                .formatted(
                                        others.stream()
                                                .limit(SHOWN)
                                                .collect(Collectors.joining(", ")));
        return new SafetensorsException(
                Violation.NOT_FOUND,
                folder,
                "has none of %s; %s".formatted(String.join(", ", tried), found));
    }

    /** transformers calls the pickle of "model" pytorch_model.bin. */
    private static boolean isWeights(String name, String base) {
        boolean pickle = PICKLE.matcher(name).matches();
        return name.startsWith(base)
                ? pickle || name.contains(SUFFIX)
                : pickle && name.contains(PICKLED_BASE);
    }

    private static List<String> siblings(Path folder, String base) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> isWeights(name, base))
                    .sorted()
                    .collect(Collectors.toList());
        } catch (IOException e) {
            throw new SafetensorsException(
                    Violation.UNREADABLE,
                    folder,
                    "cannot be listed (%s); check its permissions".formatted(FileAccess.reason(e)),
                    e);
        }
    }
}
