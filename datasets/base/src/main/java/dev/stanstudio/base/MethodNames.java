package dev.stanstudio.base;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Names the methods of comparisons for people. Files and databases keep the names that they have,
 * such as {@code none} for the model alone.
 */
public final class MethodNames {
    /** The text between a method and the values of axes. */
    public static final String BETWEEN = " · ";

    private static final Set<String> MODEL_ALONE = Set.of("", "none", "(none)");
    private static final String NO_ADAPTER = "no adapter";

    private MethodNames() {}

    /** Returns whether a method is the model alone, at whatever values of axes. */
    public static boolean isModelAlone(String name) {
        return MODEL_ALONE.contains(bare(name).strip().toLowerCase(Locale.ROOT));
    }

    private static String bare(String name) {
        return name.split(BETWEEN, 2)[0];
    }

    /** Returns the name as people read it: that of the model alone is "no adapter". */
    public static String shown(String name) {
        return isModelAlone(name) ? NO_ADAPTER + name.substring(bare(name).length()) : name;
    }

    /** Returns the stored name with the hashes of the method's adapters, before values of axes. */
    public static String identified(String name, List<String> hashes) {
        String bare = bare(name);
        return hashes.isEmpty()
                ? name
                : bare + " " + String.join(" ", hashes) + name.substring(bare.length());
    }

    /** Returns the name within a sentence, where "no adapter" needs quotation marks. */
    public static String quoted(String name) {
        return isModelAlone(name) ? "“" + shown(name) + "”" : name;
    }

    /** Returns the name at the beginning of a sentence. */
    public static String subject(String name) {
        return isModelAlone(name) ? "N" + shown(name).substring(1) : name;
    }
}
