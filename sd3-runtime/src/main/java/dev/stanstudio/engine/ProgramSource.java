package dev.stanstudio.engine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Joins {@code .ts.py} texts into the source of one {@link Program}. TorchScript's serialised
 * dialect has neither names for types and constants nor imports, so two kinds of lines at the left
 * margin are resolved and removed here:
 *
 * <ul>
 *   <li>{@code Weights = List[Tensor]} defines a name, which every later line of the text may use;
 *       names of types are capitalised, names of constants are in capitals;
 *   <li>{@code from dev.stanstudio.engine.types import FP32, Weights} takes names from the text
 *       {@code types.ts.py} of that package and adds its methods to the program, once.
 * </ul>
 *
 * Names are visible only in the text that defines or imports them. Belongs to one thread.
 */
final class ProgramSource {
    private static final Pattern IMPORT =
            Pattern.compile("from ([\\w.]+) import (\\w+(?:, \\w+)*)");
    private static final Pattern DEFINITION = Pattern.compile("([A-Z]\\w*) = (.+)");
    private static final Pattern NAME = Pattern.compile("\\b[A-Z]\\w*");
    private static final Pattern METHOD = Pattern.compile("def (\\w+)\\(.*");

    /** Names that each text defines by its path; a method's name means itself. */
    private final Map<String, Map<String, String>> defined = new HashMap<>();

    private final StringBuilder source = new StringBuilder();

    private ProgramSource() {}

    /**
     * The source of {@code texts} and of all that they import.
     *
     * @throws IllegalArgumentException if a text or an imported name does not exist
     */
    static String join(ProgramText... texts) {
        ProgramSource joined = new ProgramSource();
        for (ProgramText text : texts) {
            joined.add(text.owner(), text.path());
        }
        return joined.source.toString();
    }

    /**
     * Adds the text at {@code path} unless it was added before; returns the names that it defines.
     */
    private Map<String, String> add(Class<?> owner, String path) {
        Map<String, String> own = defined.get(path);
        if (own != null) {
            return own;
        }
        own = new HashMap<>();
        defined.put(path, own);
        Map<String, String> visible = new HashMap<>();
        StringBuilder body = new StringBuilder();
        for (String line : read(owner, path).lines().toList()) {
            Matcher imported = IMPORT.matcher(line);
            Matcher definition = DEFINITION.matcher(line);
            Matcher method = METHOD.matcher(line);
            if (imported.matches()) {
                visible.putAll(imported(owner, imported.group(1), imported.group(2)));
            } else if (definition.matches()) {
                own.put(definition.group(1), expand(definition.group(2), visible));
                visible.put(definition.group(1), expand(definition.group(2), visible));
            } else {
                if (method.matches()) {
                    own.put(method.group(1), method.group(1));
                }
                body.append(expand(line, visible)).append('\n');
            }
        }
        source.append("# ").append(path).append('\n').append(body);
        return own;
    }

    private Map<String, String> imported(Class<?> owner, String module, String list) {
        Map<String, String> theirs = add(owner, module.replace('.', '/') + ".ts.py");
        Map<String, String> names = new HashMap<>();
        for (String name : list.split(", ")) {
            String meaning = theirs.get(name);
            if (meaning == null) {
                throw new IllegalArgumentException(module + " does not define " + name);
            }
            names.put(name, meaning);
        }
        return names;
    }

    private static String expand(String line, Map<String, String> names) {
        if (line.stripLeading().startsWith("#")) {
            return line;
        }
        return NAME.matcher(line)
                .replaceAll(
                        found ->
                                Matcher.quoteReplacement(
                                        names.getOrDefault(found.group(), found.group())));
    }

    private static String read(Class<?> owner, String path) {
        try (InputStream in = owner.getResourceAsStream('/' + path)) {
            if (in == null) {
                throw new IllegalArgumentException("no program text " + path + " for " + owner);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("program text " + path + " cannot be read", e);
        }
    }
}
