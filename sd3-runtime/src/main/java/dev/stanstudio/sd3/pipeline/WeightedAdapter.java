package dev.stanstudio.sd3.pipeline;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Decimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An adapter of a request, with the weight by which its change of the network is multiplied.
 *
 * @param path folder or file of the adapter
 * @param sha256 hash of the file with its tensors, or null before it is read
 * @param settingsSha256 hash of how its tensors are used, such as α and k, which may stand in
 *     another file; or null before it is read
 * @param weight factor of its change: 1 as trained, 0 without it; may be negative
 * @param notApplied the tensors that could not be applied when a picture was made, a line for each
 *     kind; empty where all were, or before a picture is made
 * @param blocks further factors of its change, by block
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record WeightedAdapter(
        String path,
        @Nullable String sha256,
        @Nullable String settingsSha256,
        double weight,
        List<String> notApplied,
        BlockWeights blocks) {
    private static final String BLOCKS = "@blocks=";

    /**
     * Refuses a weight that is not finite and a path that cannot be one; older records lack {@code
     * settingsSha256}, {@code notApplied} and {@code blocks}.
     */
    @JsonCreator
    public WeightedAdapter(
            @JsonProperty("path") String path,
            @JsonProperty("sha256") @Nullable String sha256,
            @JsonProperty("settingsSha256") @Nullable String settingsSha256,
            @JsonProperty("weight") double weight,
            @JsonProperty("notApplied") @Nullable List<String> notApplied,
            @JsonProperty("blocks") @Nullable BlockWeights blocks) {
        Missing.refuse(path, "path of an adapter");
        PathText.check("an adapter", path);
        this.path = path;
        this.sha256 = sha256;
        this.settingsSha256 = settingsSha256;
        this.weight = weight;
        this.notApplied =
                notApplied == null
                        ? List.of()
                        : Missing.copy(notApplied, "notApplied of an adapter");
        this.blocks = Objects.requireNonNullElse(blocks, BlockWeights.ALL);
        if (!Double.isFinite(weight)) {
            throw new ArgumentException(
                    "the weight of " + path + " must be a number, not " + weight);
        }
    }

    /** An adapter before its file is read or applied. */
    public WeightedAdapter(String path, @Nullable String sha256, double weight) {
        this(path, sha256, null, weight, List.of(), BlockWeights.ALL);
    }

    /**
     * Returns whether both are one use of one adapter; a hash of settings that one of them lacks,
     * as older records do, tells nothing.
     */
    public boolean agrees(WeightedAdapter other) {
        boolean told = settingsSha256 != null && other.settingsSha256 != null;
        return told ? equals(other) : withoutSettings().equals(other.withoutSettings());
    }

    /**
     * Returns whether {@code used}, which was read at this one's place, is another adapter: its
     * tensors or how they are used have changed. A hash that this one lacks tells nothing.
     */
    public boolean isReplacedBy(WeightedAdapter used) {
        return differs(sha256, used.sha256) || differs(settingsSha256, used.settingsSha256);
    }

    private static boolean differs(@Nullable String known, @Nullable String now) {
        return known != null && !known.equals(now);
    }

    private WeightedAdapter withoutSettings() {
        return new WeightedAdapter(path, sha256, null, weight, notApplied, blocks);
    }

    /** Returns the same adapter with another weight. */
    public WeightedAdapter weighing(double other) {
        return new WeightedAdapter(path, sha256, settingsSha256, other, notApplied, blocks);
    }

    /** Returns the same adapter with other weights of blocks. */
    public WeightedAdapter within(BlockWeights others) {
        return new WeightedAdapter(path, sha256, settingsSha256, weight, notApplied, others);
    }

    /** Returns another file in the place of this one, with the same weights. */
    public WeightedAdapter in(String otherPath, @Nullable String otherHash) {
        return new WeightedAdapter(otherPath, otherHash, settingsSha256, weight, List.of(), blocks);
    }

    /**
     * Reads {@code PATH} or {@code PATH=WEIGHT}, each perhaps followed by {@code @blocks=} and
     * {@link BlockWeights}; a path that exists may hold such signs itself.
     *
     * @throws ArgumentException if the weight is no number, or the blocks make no sense
     */
    public static WeightedAdapter parse(String text) {
        return parse(text, Path.of(""));
    }

    /** Reads the same where paths begin at {@code folder}; the result's path is as it stands. */
    public static WeightedAdapter parse(String text, Path folder) {
        PathText.check("an adapter", text);
        if (Files.exists(folder.resolve(text))) {
            return new WeightedAdapter(text, null, 1);
        }
        int at = text.lastIndexOf(BLOCKS);
        if (at > 0) {
            BlockWeights blocks = BlockWeights.parse(text.substring(at + BLOCKS.length()));
            if (blocks.equals(BlockWeights.ALL)) {
                throw new ArgumentException(
                        "%s has no blocks after %s; give some, such as 0-5:1,6-11:0"
                                .formatted(text, BLOCKS));
            }
            return parse(text.substring(0, at), folder).within(blocks);
        }
        int equals = text.lastIndexOf('=');
        if (equals <= 0) {
            return new WeightedAdapter(text, null, 1);
        }
        String number = text.substring(equals + 1);
        try {
            double weight = Decimal.parse(number);
            if (Double.isFinite(weight)) {
                return new WeightedAdapter(text.substring(0, equals), null, weight);
            }
        } catch (NumberFormatException e) {
            throw new ArgumentException(refusal(text, number), e);
        }
        throw new ArgumentException(refusal(text, number));
    }

    private static String refusal(String text, String number) {
        return "the weight in " + text + " must be a number, not '" + number + "'";
    }

    /**
     * Returns the weight alone, for uses that know no blocks.
     *
     * @throws ArgumentException if there are weights of blocks
     */
    public WeightedAdapter withoutBlocks() {
        if (!blocks.equals(BlockWeights.ALL)) {
            throw new ArgumentException(
                    "weights of blocks are for drawing; leave %s%s out".formatted(BLOCKS, blocks));
        }
        return this;
    }

    /** The adapter's folder or file. */
    public Path toPath() {
        return Path.of(path);
    }
}
