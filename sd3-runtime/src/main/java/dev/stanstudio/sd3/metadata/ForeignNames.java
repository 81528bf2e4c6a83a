package dev.stanstudio.sd3.metadata;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.pipeline.PromptSyntax;
import dev.stanstudio.sd3.schedule.SamplerKind;
import dev.stanstudio.sd3.schedule.SigmaSchedule;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Translates names of samplers and schedules in A1111, ComfyUI and similar programs. */
final class ForeignNames {
    private static final Set<String> ORDINARY = Set.of("", "automatic");

    /**
     * Names that say more than ours: the variant, or where the noise is drawn. A1111's UniPC and
     * ComfyUI's uni_pc are the variant bh1, a close kin.
     */
    private static final Map<String, SamplerKind> OTHERS =
            Map.of(
                    "unipcbh2", SamplerKind.UNIPC,
                    "dpmpp2msdegpu", SamplerKind.DPMPP_2M_SDE);

    private ForeignNames() {}

    /**
     * Returns our sampler of that name.
     *
     * @throws ArgumentException if it is not one of ours
     */
    static SamplerKind sampler(String name) {
        String plain = plain(name);
        SamplerKind other = OTHERS.get(plain);
        if (other != null) {
            return other;
        }
        return Arrays.stream(SamplerKind.values())
                .filter(
                        kind ->
                                plain.equals(plain(kind.label()))
                                        || plain.equals(plain(kind.a1111Name())))
                .findFirst()
                .orElseThrow(
                        () ->
                                new ArgumentException(
                                        "the sampler '%s' is not known here"
                                                .formatted(PromptSyntax.shown(name))));
    }

    /** {@code DPM++ 2M}, {@code dpmpp_2m} and {@code k_dpmpp_2m} are one. */
    private static String plain(String name) {
        return name.strip()
                .toLowerCase(Locale.ROOT)
                .replace("++", "pp")
                .replaceFirst("^k_", "")
                .replaceAll("[ _-]", "");
    }

    /** A sampler's name, and the schedule that older A1111 adds to it. */
    record Named(String sampler, @Nullable String schedule) {}

    /** Splits {@code DPM++ 2M Karras} into sampler and schedule. */
    static Named split(String name) {
        for (SigmaSchedule schedule : SigmaSchedule.respacing()) {
            String end = " " + schedule.a1111Name();
            if (name.length() > end.length()
                    && name.regionMatches(
                            true, name.length() - end.length(), end, 0, end.length())) {
                return new Named(name.substring(0, name.length() - end.length()), schedule.label());
            }
        }
        return new Named(name, null);
    }

    /** Returns true if a schedule is the one that flow models use by default. */
    static boolean isOrdinarySchedule(String name) {
        return ORDINARY.contains(name.strip().toLowerCase(Locale.ROOT));
    }

    /** Returns our schedule of that name, or null. */
    static @Nullable SigmaSchedule schedule(String name) {
        String plain = plain(name);
        return SigmaSchedule.respacing().stream()
                .filter(
                        schedule ->
                                plain.equals(plain(schedule.label()))
                                        || plain.equals(plain(schedule.a1111Name())))
                .findFirst()
                .orElse(null);
    }
}
