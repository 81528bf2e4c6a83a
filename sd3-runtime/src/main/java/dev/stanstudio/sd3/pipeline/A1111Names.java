package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.datasets.UserException;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names of samplers and schedules in the A1111 text. */
final class A1111Names {
    private static final Map<String, String> SAMPLERS =
            Map.of("euler", "Euler", "heun", "Heun", "dpmpp-2m", "DPM++ 2M");

    private A1111Names() {}

    static String sampler(String label) {
        return SAMPLERS.getOrDefault(label, label);
    }

    static String schedule(String label) {
        return label.substring(0, 1).toUpperCase(Locale.ROOT) + label.substring(1);
    }

    /** Our name of an A1111 sampler; Euler where none is given. */
    static String ourSampler(@Nullable String name) {
        if (name == null) {
            return "euler";
        }
        String bare = name.replaceFirst(" (Karras|Exponential|Beta)$", "");
        return SAMPLERS.entrySet().stream()
                .filter(entry -> entry.getValue().equalsIgnoreCase(bare))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(
                        () ->
                                new UserException(
                                        "the sampler '"
                                                + name
                                                + "' is not known here; give one with --sampler"));
    }

    /** Our name of an A1111 schedule type, or null for its ordinary ones. */
    static @Nullable String ourSchedule(@Nullable String type, @Nullable String sampler) {
        String name = type != null ? type : sampler == null ? "" : sampler;
        String lower = name.toLowerCase(Locale.ROOT);
        for (String known : new String[] {"karras", "exponential", "beta"}) {
            if (lower.endsWith(known)) {
                return known;
            }
        }
        return null;
    }
}
