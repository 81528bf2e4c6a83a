package dev.stanstudio.sd3.metadata;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.pipeline.PromptSyntax;
import dev.stanstudio.sd3.schedule.SamplerKind;
import dev.stanstudio.sd3.schedule.SigmaSchedule;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Names of samplers and schedules in A1111, ComfyUI and their kin. */
final class ForeignNames {
    private static final Map<SamplerKind, String> A1111 =
            Map.of(
                    SamplerKind.EULER, "Euler",
                    SamplerKind.HEUN, "Heun",
                    SamplerKind.DPMPP_2M, "DPM++ 2M");
    private static final Set<String> ORDINARY = Set.of("", "automatic", "simple", "normal");

    private ForeignNames() {}

    /** A1111's name of one of our samplers. */
    static String a1111Sampler(String label) {
        return String.valueOf(A1111.get(SamplerKind.of(label)));
    }

    /** A1111's name of one of our schedules. */
    static String a1111Schedule(String label) {
        return label.substring(0, 1).toUpperCase(Locale.ROOT) + label.substring(1);
    }

    /**
     * Our name of a sampler.
     *
     * @throws ArgumentException if it is not one of ours
     */
    static String sampler(String name) {
        String plain = plain(name);
        return Arrays.stream(SamplerKind.values())
                .filter(
                        kind ->
                                plain.equals(plain(kind.label()))
                                        || plain.equals(plain(A1111.get(kind))))
                .map(SamplerKind::label)
                .findFirst()
                .orElseThrow(
                        () ->
                                new ArgumentException(
                                        "the sampler '"
                                                + PromptSyntax.shown(name)
                                                + "' is not known here"));
    }

    /** {@code DPM++ 2M}, {@code dpmpp_2m} and {@code k_dpmpp_2m} are one. */
    private static String plain(@Nullable String name) {
        return String.valueOf(name)
                .strip()
                .toLowerCase(Locale.ROOT)
                .replace("++", "pp")
                .replaceFirst("^k_", "")
                .replaceAll("[ _-]", "");
    }

    /** A sampler's name, and the schedule that older A1111 adds to it. */
    record Named(String sampler, @Nullable String schedule) {}

    /** Takes {@code DPM++ 2M Karras} apart. */
    static Named split(String name) {
        for (SigmaSchedule schedule : EnumSet.complementOf(EnumSet.of(SigmaSchedule.NONE))) {
            String end = " " + a1111Schedule(schedule.label());
            if (name.length() > end.length()
                    && name.regionMatches(
                            true, name.length() - end.length(), end, 0, end.length())) {
                return new Named(name.substring(0, name.length() - end.length()), schedule.label());
            }
        }
        return new Named(name, null);
    }

    /** Returns whether a schedule is what flow models do by themselves. */
    static boolean isOrdinarySchedule(String name) {
        return ORDINARY.contains(name.strip().toLowerCase(Locale.ROOT));
    }

    /** Our name of a schedule, or null. */
    static @Nullable String schedule(String name) {
        String plain = name.strip().toLowerCase(Locale.ROOT);
        Optional<SigmaSchedule> known =
                Arrays.stream(SigmaSchedule.values())
                        .filter(one -> one != SigmaSchedule.NONE && one.label().equals(plain))
                        .findFirst();
        return known.map(SigmaSchedule::label).orElse(null);
    }
}
