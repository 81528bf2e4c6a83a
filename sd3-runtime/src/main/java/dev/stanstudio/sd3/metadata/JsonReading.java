package dev.stanstudio.sd3.metadata;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.UserException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads settings in JSON, as SwarmUI (an object {@code sui_image_params}) and Fooocus (a flat
 * object) write them.
 */
final class JsonReading {
    private static final String SWARM = "sui_image_params";

    /**
     * An object whose first token is a key, also as Python prints it or within a JSON text; a
     * prompt may begin with a brace too.
     */
    private static final Pattern BEGIN =
            Pattern.compile(
                    "(?:\\{\\s*\"[^\"\\n]*\"\\s*:|\\{\\s*'[^'\\n]*'\\s*:|\\[\\s*\\{"
                            + "|\"\\s*\\[?\\s*\\{\\s*\\\\\").*",
                    Pattern.DOTALL);

    private static final Pattern SIDES =
            Pattern.compile("[(\\[\\s]*(-?[0-9]+)[^0-9-]+(-?[0-9]+)[)\\]\\s]*");

    private static final Map<String, Setting> KNOWN = known();

    /** Keys that say nothing of how the picture was made, or whose value stands elsewhere. */
    private static final Set<String> SILENT =
            Set.of(
                    "model",
                    "basemodel",
                    "basemodelhash",
                    "resolution",
                    "version",
                    "swarmversion",
                    "metadatascheme",
                    "date",
                    "generationtime",
                    "preptime",
                    "images",
                    "aspectratio",
                    "createdby",
                    "fullprompt",
                    "fullnegativeprompt",
                    "performance");

    private JsonReading() {}

    private static Map<String, Setting> known() {
        Map<String, Setting> known = new HashMap<>();
        known.put("prompt", Setting.PROMPT);
        known.put("negativeprompt", Setting.NEGATIVE);
        known.put("seed", Setting.SEED);
        known.put("steps", Setting.STEPS);
        known.put("numinferencesteps", Setting.STEPS);
        known.put("cfgscale", Setting.GUIDANCE);
        known.put("guidancescale", Setting.GUIDANCE);
        known.put("width", Setting.WIDTH);
        known.put("height", Setting.HEIGHT);
        known.put("sampler", Setting.SAMPLER);
        known.put("samplername", Setting.SAMPLER);
        known.put("scheduler", Setting.SCHEDULE);
        return Map.copyOf(known);
    }

    /**
     * The settings in {@code whole}, or nothing where it is no JSON.
     *
     * @throws UserException if it is JSON that holds no prompt, or damaged
     */
    static Optional<ForeignSettings> read(String whole) {
        String text = ForeignJson.bare(whole);
        if (!BEGIN.matcher(text).matches() && !isEmptyJson(text)) {
            return Optional.empty();
        }
        JsonNode root = ForeignJson.read(text, "its settings");
        boolean swarm = root.path(SWARM).isObject();
        JsonNode settings = swarm ? root.path(SWARM) : root;
        if (!settings.path("prompt").isTextual()) {
            throw new UserException(
                    "its settings are JSON of a program that is not known here; only those of"
                            + " SwarmUI and Fooocus are read");
        }
        return Optional.of(settings(program(root, swarm), settings));
    }

    private static boolean isEmptyJson(String text) {
        String bare = text.replaceAll("\\s", "");
        return bare.equals("{}") || bare.equals("[]") || bare.equals("null");
    }

    private static String program(JsonNode root, boolean swarm) {
        boolean fooocus =
                root.path("version").asText().startsWith("Fooocus")
                        || root.path("metadata_scheme").asText().equals("fooocus");
        return swarm ? "SwarmUI" : fooocus ? "Fooocus" : "";
    }

    /** Returns true if a key names a setting that this program has. */
    static boolean isKnown(String key) {
        return KNOWN.containsKey(plain(key));
    }

    /** Reads the settings of a flat object. */
    static ForeignSettings settings(String program, JsonNode settings) {
        Map<Setting, String> values = new EnumMap<>(Setting.class);
        UnusedSettings untaken = new UnusedSettings();
        sides(settings.path("resolution"), values);
        settings.properties()
                .forEach(
                        entry -> {
                            String plain = plain(entry.getKey());
                            Setting setting = KNOWN.get(plain);
                            JsonNode value = entry.getValue();
                            if (setting != null && value.isValueNode() && !value.isNull()) {
                                String before = values.put(setting, value.asText());
                                if (before != null && !before.equals(value.asText())) {
                                    untaken.add(setting.name().toLowerCase(Locale.ROOT), before);
                                }
                            } else if (!SILENT.contains(plain) && !isNothing(value)) {
                                untaken.add(entry.getKey(), shown(value));
                            }
                        });
        List<String> notes = new ArrayList<>();
        notes.addAll(
                UnusedSettings.model(
                        text(settings, "model", "base_model"), text(settings, "base_model_hash")));
        notes.addAll(untaken.notes());
        return new ForeignSettings(program, values, notes);
    }

    private static String plain(String key) {
        return key.toLowerCase(Locale.ROOT).replaceAll("[ _-]", "");
    }

    private static String shown(JsonNode value) {
        return value.isTextual() ? value.asText() : value.toString();
    }

    private static boolean isNothing(JsonNode value) {
        return value.isNull()
                || (value.isContainerNode() && value.isEmpty())
                || (value.isTextual() && value.asText().isBlank());
    }

    private static void sides(JsonNode resolution, Map<Setting, String> values) {
        Matcher sides = SIDES.matcher(shown(resolution));
        if (sides.matches()) {
            values.put(Setting.WIDTH, sides.group(1));
            values.put(Setting.HEIGHT, sides.group(2));
        }
    }

    private static @Nullable String text(JsonNode settings, String... keys) {
        for (String key : keys) {
            JsonNode value = settings.path(key);
            if (value.isTextual() && !value.asText().isBlank()) {
                return value.asText();
            }
        }
        return null;
    }
}
