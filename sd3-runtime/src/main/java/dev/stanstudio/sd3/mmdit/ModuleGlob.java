package dev.stanstudio.sd3.mmdit;

import java.util.List;

/**
 * A name for modules: dotted parts that follow each other somewhere in a path, where {@code *}
 * stands for any letters within one part. So {@code attn.to_q} is one projection of every block and
 * {@code attn.to_*} all of them. Matching takes at most length of the name times length of the path
 * steps, whatever the name. Immutable and thread-safe.
 */
public final class ModuleGlob {
    private final List<String> parts;

    private ModuleGlob(List<String> parts) {
        this.parts = parts;
    }

    /** Parses {@code name}, without the blanks around it. */
    public static ModuleGlob of(String name) {
        return new ModuleGlob(List.of(name.strip().split("\\.", -1)));
    }

    /** Returns whether the parts follow each other in {@code path}. */
    public boolean matches(String path) {
        List<String> all = List.of(path.split("\\.", -1));
        for (int start = 0; start + parts.size() <= all.size(); start++) {
            if (matches(all.subList(start, start + parts.size()))) {
                return true;
            }
        }
        return false;
    }

    private boolean matches(List<String> texts) {
        for (int i = 0; i < parts.size(); i++) {
            if (!matches(parts.get(i), texts.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** Goes back to the last star only: an earlier one could not take more than it has. */
    private static boolean matches(String glob, String text) {
        int g = 0;
        int t = 0;
        int star = -1;
        int taken = 0;
        while (t < text.length()) {
            if (g < glob.length() && glob.charAt(g) == '*') {
                star = g++;
                taken = t;
            } else if (g < glob.length() && glob.charAt(g) == text.charAt(t)) {
                g++;
                t++;
            } else if (star >= 0) {
                g = star + 1;
                t = ++taken;
            } else {
                return false;
            }
        }
        while (g < glob.length() && glob.charAt(g) == '*') {
            g++;
        }
        return g == glob.length();
    }
}
