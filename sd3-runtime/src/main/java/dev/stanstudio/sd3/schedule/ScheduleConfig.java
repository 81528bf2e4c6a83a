package dev.stanstudio.sd3.schedule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.UserException;
import java.nio.file.Path;

/**
 * The settings of a checkpoint's flow-matching schedule: the fields of scheduler_config.json of
 * diffusers' FlowMatchEulerDiscreteScheduler. Immutable.
 *
 * @param trainTimesteps {@code num_train_timesteps}: entries of the training table, and the factor
 *     from sigma to timestep
 * @param shift static shift s in σ' = sσ/(1+(s−1)σ); not used with dynamic shifting
 * @param dynamicShifting {@code use_dynamic_shifting}: shift by μ (see {@link #mu}) in place of s
 * @param baseShift μ at {@code baseImageTokens}
 * @param maxShift μ at {@code maxImageTokens}
 * @param baseImageTokens {@code base_image_seq_len}
 * @param maxImageTokens {@code max_image_seq_len}
 * @param invertSigmas {@code invert_sigmas}: count sigmas as 1−σ, rising to 1; Euler only
 * @param shiftTerminal {@code shift_terminal}: the last non-zero sigma after stretching, in [0, 1);
 *     0 leaves the table unstretched
 * @param sigmaSchedule which of {@code use_karras_sigmas}, {@code use_exponential_sigmas}, {@code
 *     use_beta_sigmas} is on
 * @param timeShift {@code time_shift_type}
 */
public record ScheduleConfig(
        int trainTimesteps,
        double shift,
        boolean dynamicShifting,
        double baseShift,
        double maxShift,
        int baseImageTokens,
        int maxImageTokens,
        boolean invertSigmas,
        double shiftTerminal,
        SigmaSchedule sigmaSchedule,
        TimeShift timeShift) {

    /** The published models have 1000; a table of each is held in memory. */
    private static final int MOST_TIMESTEPS = 1_000_000;

    /** Values that the reference assumes for fields that a file leaves out. */
    public static final ScheduleConfig DEFAULTS =
            new ScheduleConfig(
                    1000,
                    1.0,
                    false,
                    0.5,
                    1.15,
                    256,
                    4096,
                    false,
                    0,
                    SigmaSchedule.NONE,
                    TimeShift.EXPONENTIAL);

    /** The published SD3 and SD3.5 schedule, for checkpoints that bring no file: shift 3. */
    public static final ScheduleConfig SD3 = DEFAULTS.withShift(3.0);

    /**
     * Checks the ranges.
     *
     * @throws UserException if a number is out of range; the message names the field of the file
     */
    public ScheduleConfig {
        require(trainTimesteps >= 1, "num_train_timesteps", trainTimesteps, "at least 1");
        require(
                trainTimesteps <= MOST_TIMESTEPS,
                "num_train_timesteps",
                trainTimesteps,
                "at most " + MOST_TIMESTEPS);
        require(shift > 0 && Double.isFinite(shift), "shift", shift, "greater than 0");
        require(Double.isFinite(baseShift), "base_shift", baseShift, "a finite number");
        require(Double.isFinite(maxShift), "max_shift", maxShift, "a finite number");
        require(baseImageTokens >= 1, "base_image_seq_len", baseImageTokens, "at least 1");
        require(
                maxImageTokens > baseImageTokens,
                "max_image_seq_len",
                maxImageTokens,
                "greater than base_image_seq_len (" + baseImageTokens + ")");
        require(
                shiftTerminal >= 0 && shiftTerminal < 1,
                "shift_terminal",
                shiftTerminal,
                "null or from 0 up to, but not, 1");
    }

    private static void require(boolean good, String field, Number value, String wanted) {
        if (!good) {
            throw new UserException("%s is %s; it must be %s".formatted(field, value, wanted));
        }
    }

    /**
     * The sampler that the class named in a scheduler_config.json stands for; Euler where it names
     * none.
     *
     * @throws UserException if the file cannot be read or is not JSON
     */
    public static SamplerKind sampler(Path file) {
        return ScheduleConfigJson.sampler(file);
    }

    /** The same with another number of timesteps and shift. */
    ScheduleConfig withTable(int timesteps, double otherShift) {
        return new ScheduleConfig(
                timesteps,
                otherShift,
                dynamicShifting,
                baseShift,
                maxShift,
                baseImageTokens,
                maxImageTokens,
                invertSigmas,
                shiftTerminal,
                sigmaSchedule,
                timeShift);
    }

    /**
     * Reads a scheduler_config.json; keys it does not know are ignored.
     *
     * @throws UserException if the file cannot be read, is not JSON, belongs to another family of
     *     schedulers, or holds a value of the wrong type or range
     */
    public static ScheduleConfig read(Path file) {
        return ScheduleConfigJson.read(file);
    }

    /**
     * Reads the object of a scheduler_config.json; keys it does not know are ignored.
     *
     * @throws UserException as {@link #read(Path)}
     */
    public static ScheduleConfig read(JsonNode json) {
        return ScheduleConfigJson.read(json);
    }

    /**
     * The dynamic shift of an image: the straight line through ({@code baseImageTokens}, {@code
     * baseShift}) and ({@code maxImageTokens}, {@code maxShift}). Source: {@code calculate_shift}
     * of diffusers pipeline_stable_diffusion_3.py.
     *
     * @param imageTokens N, tokens of the transformer: (latent height / patch)·(latent width /
     *     patch)
     */
    public double mu(int imageTokens) {
        double slope = (maxShift - baseShift) / (maxImageTokens - baseImageTokens);
        double offset = baseShift - slope * baseImageTokens;
        return imageTokens * slope + offset;
    }

    /** This configuration with another static shift. */
    public ScheduleConfig withShift(double value) {
        return new ScheduleConfig(
                trainTimesteps,
                value,
                dynamicShifting,
                baseShift,
                maxShift,
                baseImageTokens,
                maxImageTokens,
                invertSigmas,
                shiftTerminal,
                sigmaSchedule,
                timeShift);
    }

    /** This configuration with dynamic shifting on or off. */
    public ScheduleConfig withDynamicShifting(boolean value) {
        return new ScheduleConfig(
                trainTimesteps,
                shift,
                value,
                baseShift,
                maxShift,
                baseImageTokens,
                maxImageTokens,
                invertSigmas,
                shiftTerminal,
                sigmaSchedule,
                timeShift);
    }

    /** This configuration with another re-spacing of the sigmas. */
    public ScheduleConfig withSigmaSchedule(SigmaSchedule value) {
        return new ScheduleConfig(
                trainTimesteps,
                shift,
                dynamicShifting,
                baseShift,
                maxShift,
                baseImageTokens,
                maxImageTokens,
                invertSigmas,
                shiftTerminal,
                value,
                timeShift);
    }
}
