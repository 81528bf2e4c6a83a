package dev.stanstudio.sd3.metadata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/** Puts valid values in place of a record's values that the caller replaces afterwards. */
final class StandIns {
    private static final int SIDE = 16;

    private StandIns() {}

    static void put(JsonNode request, Set<Setting> replaced) {
        replaced.forEach(setting -> put(request, setting));
    }

    private static void put(JsonNode request, Setting setting) {
        switch (setting) {
            case PROMPT -> object(request.path("prompt")).put("text", "");
            case NEGATIVE -> object(request.path("negative")).put("text", "");
            case SEED -> object(request).putArray("seeds").add(0);
            case WIDTH -> object(request).put("width", SIDE);
            case HEIGHT -> object(request).put("height", SIDE);
            case STEPS -> object(request.path("sampling")).put("steps", 1).remove("sigmas");
            case GUIDANCE -> object(request.path("sampling")).put("guidance", 1);
            case SAMPLER -> object(request.path("sampling")).put("sampler", "euler");
            case SCHEDULE -> object(request.path("sampling")).remove("sigmaSchedule");
            case SYNTAX -> object(request.path("text")).remove("syntax");
        }
    }

    /** A node that is no object is left as it is; the reader of the record refuses it. */
    private static ObjectNode object(JsonNode node) {
        return node instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
    }
}
