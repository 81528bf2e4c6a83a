package dev.stanstudio.sd3.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.ResampleFilter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the fields of a model's JSON config; a wrong type or a number out of range is an error that
 * names the file and the field.
 */
public final class ConfigReader {
    /** Pillow's numbers for its filters (PIL Image.Resampling). */
    private static final List<ResampleFilter> PILLOW =
            List.of(
                    ResampleFilter.NEAREST,
                    ResampleFilter.LANCZOS,
                    ResampleFilter.BILINEAR,
                    ResampleFilter.BICUBIC,
                    ResampleFilter.BOX,
                    ResampleFilter.HAMMING);

    private static final int LARGEST = 1 << 20;
    private static final int DEEPEST = 1024;
    private static final long LARGEST_FILE = 16L << 20;

    private final String origin;
    private final JsonNode node;

    /** Fields of {@code node}, which errors call {@code origin}. */
    public ConfigReader(String origin, JsonNode node) {
        this.origin = origin;
        this.node = node;
    }

    /**
     * Reads a JSON object from {@code file}.
     *
     * @throws UserException if the file is missing, too large, no JSON object, or states that
     *     weights are quantised
     */
    public static ConfigReader of(Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                throw new UserException(file + " is missing");
            }
            if (Files.size(file) > LARGEST_FILE) {
                throw new UserException(file + " is larger than a config can be");
            }
            JsonNode node = Json.WHOLE.readTree(Files.readAllBytes(file));
            if (node == null || !node.isObject()) {
                throw new UserException(file + " is not a JSON object");
            }
            Quantised.refuse(file.toString(), node);
            return new ConfigReader(file.toString(), node);
        } catch (JsonProcessingException e) {
            throw new UserException(file + " is not valid JSON: " + Json.problem(e), e);
        } catch (IOException e) {
            throw new UserException(file + " cannot be read: " + AtomicFile.reason(e), e);
        }
    }

    /** The whole object. */
    public JsonNode node() {
        return node;
    }

    /** Returns the source of the fields, for errors. */
    public String origin() {
        return origin;
    }

    /** Returns true if field {@code name} is there and not null. */
    public boolean has(String name) {
        return node.hasNonNull(name);
    }

    /** A whole number of at least {@code least}; {@code fallback} if the field is missing. */
    public int integer(String name, int fallback, int least) {
        return integer(name, fallback, least, LARGEST);
    }

    /** A number of layers or blocks: 1 … 1024; {@code fallback} if the field is missing. */
    public int depth(String name, int fallback) {
        return integer(name, fallback, 1, DEEPEST);
    }

    private int integer(String name, int fallback, int least, int most) {
        if (!has(name)) {
            return fallback;
        }
        JsonNode value = node.get(name);
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw wrong(name, "must be a whole number", value);
        }
        if (value.intValue() < least || value.intValue() > most) {
            throw wrong(name, "must be " + least + " … " + most, value);
        }
        return value.intValue();
    }

    /** A finite number; {@code fallback} if the field is missing. */
    public double number(String name, double fallback) {
        if (!has(name)) {
            return fallback;
        }
        JsonNode value = node.get(name);
        if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
            throw wrong(name, "must be a number", value);
        }
        return value.doubleValue();
    }

    /** A list of finite numbers; {@code fallback} if the field is missing. */
    public List<Double> numbers(String name, List<Double> fallback) {
        if (!has(name)) {
            return fallback;
        }
        List<Double> numbers = new ArrayList<>();
        for (JsonNode value : node.get(name)) {
            if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
                throw wrong(name, "must hold numbers", value);
            }
            numbers.add(value.doubleValue());
        }
        return numbers;
    }

    /** The filter that a field names by Pillow's number; {@code fallback} if it is missing. */
    public ResampleFilter filter(String name, ResampleFilter fallback) {
        return PILLOW.get(integer(name, PILLOW.indexOf(fallback), 0, PILLOW.size() - 1));
    }

    /** True or false; {@code fallback} if the field is missing. */
    public boolean flag(String name, boolean fallback) {
        if (!has(name)) {
            return fallback;
        }
        JsonNode value = node.get(name);
        if (!value.isBoolean()) {
            throw wrong(name, "must be true or false", value);
        }
        return value.booleanValue();
    }

    /** A text; {@code fallback} if the field is missing. */
    public String text(String name, String fallback) {
        if (!has(name)) {
            return fallback;
        }
        JsonNode value = node.get(name);
        if (!value.isTextual()) {
            throw wrong(name, "must be a text", value);
        }
        return value.textValue();
    }

    /** A list of whole numbers of at least {@code least}. */
    public List<Integer> integers(String name, List<Integer> fallback, int least) {
        if (!has(name)) {
            return fallback;
        }
        JsonNode list = node.get(name);
        if (!list.isArray()) {
            throw wrong(name, "must be a list", list);
        }
        List<Integer> numbers = new ArrayList<>();
        for (JsonNode value : list) {
            if (!value.isIntegralNumber()
                    || !value.canConvertToInt()
                    || value.intValue() < least
                    || value.intValue() > LARGEST) {
                throw wrong(name, "must hold whole numbers from " + least, value);
            }
            numbers.add(value.intValue());
        }
        return List.copyOf(numbers);
    }

    /** Refuses a config whose list {@code name}, if it is there, holds another text than one. */
    public void requireEach(String name, String only) {
        for (JsonNode value : node.path(name)) {
            if (!value.asText().equals(only)) {
                throw new UserException(
                        "%s: '%s' among %s is not supported, only '%s'"
                                .formatted(origin, value.asText(), name, only));
            }
        }
    }

    /**
     * A finite number that the reference's pipeline cannot do without.
     *
     * @throws UserException if the field is missing or no number
     */
    public double required(String name) {
        if (!has(name)) {
            throw new UserException(
                    "%s: %s is missing; take it from the config that the weights were published with"
                            .formatted(origin, name));
        }
        return number(name, 0);
    }

    /** Refuses a config whose field has another value than the one this program knows. */
    public void require(String name, String only) {
        String value = has(name) ? node.get(name).asText() : only;
        if (!value.equals(only)) {
            throw new UserException(
                    "%s: %s '%s' is not supported, only '%s'".formatted(origin, name, value, only));
        }
    }

    private UserException wrong(String name, String rule, JsonNode value) {
        String shown = value.toString();
        return new UserException(
                "%s: %s %s, not %s"
                        .formatted(
                                origin,
                                name,
                                rule,
                                shown.length() > 40 ? shown.substring(0, 40) + "…" : shown));
    }
}
