package dev.stanstudio.web.reproduce;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.UserException;
import dev.stanstudio.web.grid.YamlText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Reads experiments: a YAML file, or one of the presets that come with the program. */
final class ExperimentFile {
    /** Names of the presets. */
    static final List<String> PRESETS =
            List.of(
                    "nano",
                    "nano-sparsity",
                    "nano-forgetting",
                    "nano-curves",
                    "nano-learn",
                    "nano-merging",
                    "nano-unseen",
                    "nano-unseen-loss",
                    "nano-unseen-tuning",
                    "paper");

    private static final ObjectReader YAML =
            YamlText.reader()
                    .forType(Experiment.class)
                    .without(DeserializationFeature.ACCEPT_FLOAT_AS_INT);

    private ExperimentFile() {}

    /**
     * Returns the experiment that {@code nameOrPath} names.
     *
     * @throws UserException if there is no such file or preset, or it is none
     */
    static Experiment read(String nameOrPath) {
        String text = text(nameOrPath);
        try {
            Experiment experiment = YAML.readValue(text);
            if (experiment == null) {
                throw new UserException(nameOrPath + " is empty");
            }
            return experiment;
        } catch (UnrecognizedPropertyException e) {
            throw new UserException(
                    "%s%s has an unknown key %s; there are %s"
                            .formatted(nameOrPath, line(e), e.getPropertyName(), known(e)),
                    e);
        } catch (JsonMappingException e) {
            if (e.getCause() instanceof ArgumentException refused) {
                throw new UserException(nameOrPath + ": " + refused.getMessage(), e);
            }
            throw unreadable(nameOrPath, e);
        } catch (JacksonException e) {
            throw unreadable(nameOrPath, e);
        }
    }

    private static Set<String> known(UnrecognizedPropertyException e) {
        return e.getKnownPropertyIds().stream()
                .map(String::valueOf)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static UserException unreadable(String nameOrPath, JacksonException e) {
        return new UserException("%s%s: %s".formatted(nameOrPath, line(e), why(e)), e);
    }

    /** Parsers append an excerpt of the file in further lines, and name classes of Java. */
    private static String why(JacksonException e) {
        if (e instanceof JsonMappingException mapping) {
            return e.getCause() instanceof JacksonException cause
                            && !(cause instanceof JsonMappingException)
                    ? why(cause)
                    : Json.problem(mapping);
        }
        return String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
    }

    private static String line(JacksonException e) {
        return e.getLocation() == null ? "" : " line " + e.getLocation().getLineNr();
    }

    private static String text(String nameOrPath) {
        try {
            if (PRESETS.contains(nameOrPath)) {
                String resource = nameOrPath + ".yaml";
                try (InputStream in = ExperimentFile.class.getResourceAsStream(resource)) {
                    if (in == null) {
                        throw new IllegalStateException("no resource " + resource);
                    }
                    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
                }
            }
            Path file = Path.of(nameOrPath);
            if (!Files.isRegularFile(file)) {
                throw new UserException(
                        "%s is neither a file nor a preset; there are the presets %s"
                                .formatted(nameOrPath, String.join(", ", PRESETS)));
            }
            return YamlText.of(file);
        } catch (IOException e) {
            throw new UserException(nameOrPath + " cannot be read: " + AtomicFile.reason(e), e);
        }
    }
}
