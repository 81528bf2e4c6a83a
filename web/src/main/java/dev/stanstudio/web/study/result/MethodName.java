package dev.stanstudio.web.study.result;

import java.util.Locale;
import java.util.Set;

/** Names methods for people; the files of a report keep the names that the plan has. */
public final class MethodName {
    private static final Set<String> MODEL_ALONE = Set.of("", "none", "(none)");
    private static final String NO_ADAPTER = "no adapter";

    private MethodName() {}

    /** Returns the method's name, or "no adapter" for the model alone. */
    public static String shown(String name) {
        return isModelAlone(name) ? NO_ADAPTER : name;
    }

    /** Returns the name within a sentence, where "no adapter" needs quotation marks. */
    static String quoted(String name) {
        return isModelAlone(name) ? "“" + NO_ADAPTER + "”" : name;
    }

    private static boolean isModelAlone(String name) {
        return MODEL_ALONE.contains(name.strip().toLowerCase(Locale.ROOT));
    }
}
