package dev.stanstudio.sd3.schedule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.checkpoint.ConfigReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads scheduler_config.json. A field that is absent or null keeps the constructor's default. */
final class ScheduleConfigJson {
    private static final Map<String, SamplerKind> CLASSES =
            Map.of(
                    "FlowMatchEulerDiscreteScheduler", SamplerKind.EULER,
                    "FlowMatchHeunDiscreteScheduler", SamplerKind.HEUN,
                    "FlowMatchLCMScheduler", SamplerKind.LCM);

    private static final Map<String, SigmaSchedule> FLAGS =
            Map.of(
                    "use_karras_sigmas", SigmaSchedule.KARRAS,
                    "use_exponential_sigmas", SigmaSchedule.EXPONENTIAL,
                    "use_beta_sigmas", SigmaSchedule.BETA);

    private final JsonNode json;

    private ScheduleConfigJson(JsonNode json) {
        this.json = json;
    }

    static ScheduleConfig read(Path file) {
        JsonNode json = tree(file);
        try {
            return read(json);
        } catch (UserException e) {
            throw new UserException(file + ": " + e.getMessage(), e);
        }
    }

    private static JsonNode tree(Path file) {
        return ConfigReader.of(file).node();
    }

    static ScheduleConfig read(JsonNode json) {
        if (!json.isObject()) {
            throw new UserException("a scheduler configuration must be a JSON object");
        }
        return new ScheduleConfigJson(json).config();
    }

    private ScheduleConfig config() {
        checkClass();
        if (flag("stochastic_sampling", false)) {
            throw new UserException("stochastic_sampling is not supported; set it to false");
        }
        if (value("scale_factors") != null) {
            throw new UserException(
                    "scale_factors, sizes that grow from step to step, are not supported; set them"
                            + " to null");
        }
        ScheduleConfig d = ScheduleConfig.DEFAULTS;
        if (sampler() == SamplerKind.HEUN) {
            // The reference's class has no more fields than these and ignores others.
            return d.withTable(
                    integer("num_train_timesteps", d.trainTimesteps()), number("shift", d.shift()));
        }
        return new ScheduleConfig(
                integer("num_train_timesteps", d.trainTimesteps()),
                number("shift", d.shift()),
                flag("use_dynamic_shifting", d.dynamicShifting()),
                number("base_shift", d.baseShift()),
                number("max_shift", d.maxShift()),
                integer("base_image_seq_len", d.baseImageTokens()),
                integer("max_image_seq_len", d.maxImageTokens()),
                flag("invert_sigmas", d.invertSigmas()),
                number("shift_terminal", d.shiftTerminal()),
                sigmaSchedule(),
                timeShift(d.timeShift()));
    }

    /** The sampler that the class stands for; Euler where none is named. */
    private SamplerKind sampler() {
        JsonNode name = value("_class_name");
        return name == null
                ? SamplerKind.EULER
                : CLASSES.getOrDefault(name.asText(), SamplerKind.EULER);
    }

    static SamplerKind sampler(Path file) {
        return new ScheduleConfigJson(tree(file)).sampler();
    }

    private void checkClass() {
        JsonNode name = value("_class_name");
        if (name != null && !CLASSES.containsKey(name.asText())) {
            throw new UserException(
                    "_class_name is "
                            + name
                            + ", whose steps are not known here; the schedule of SD3 is"
                            + " FlowMatchEulerDiscreteScheduler (or"
                            + " FlowMatchHeunDiscreteScheduler, FlowMatchLCMScheduler)");
        }
    }

    private SigmaSchedule sigmaSchedule() {
        List<String> on = new ArrayList<>();
        for (String field : FLAGS.keySet()) {
            if (flag(field, false)) {
                on.add(field);
            }
        }
        if (on.size() > 1) {
            throw new UserException(
                    String.join(" and ", on.stream().sorted().toList())
                            + " are all true; at most one may be");
        }
        return on.isEmpty()
                ? SigmaSchedule.NONE
                : FLAGS.getOrDefault(on.get(0), SigmaSchedule.NONE);
    }

    private TimeShift timeShift(TimeShift otherwise) {
        JsonNode value = value("time_shift_type");
        return value == null ? otherwise : TimeShift.of(value.asText());
    }

    private boolean flag(String field, boolean otherwise) {
        JsonNode value = value(field);
        if (value != null && !value.isBoolean()) {
            throw wrongType(field, value, "true or false");
        }
        return value == null ? otherwise : value.booleanValue();
    }

    private double number(String field, double otherwise) {
        JsonNode value = value(field);
        if (value != null && !value.isNumber()) {
            throw wrongType(field, value, "a number");
        }
        return value == null ? otherwise : value.doubleValue();
    }

    private int integer(String field, int otherwise) {
        JsonNode value = value(field);
        if (value != null && !value.canConvertToExactIntegral()) {
            throw wrongType(field, value, "a whole number");
        }
        if (value != null && !value.canConvertToInt()) {
            throw wrongType(field, value, "a whole number below 2147483648");
        }
        return value == null ? otherwise : value.intValue();
    }

    private @Nullable JsonNode value(String field) {
        return json.hasNonNull(field) ? json.get(field) : null;
    }

    private static UserException wrongType(String field, JsonNode value, String wanted) {
        return new UserException("%s is %s; it must be %s".formatted(field, value, wanted));
    }
}
