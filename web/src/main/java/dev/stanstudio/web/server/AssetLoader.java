package dev.stanstudio.web.server;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Loads files of the program once each. In scripts, imports such as {@code from "./dom.js"} become
 * the address of the imported script, before the hash is taken, so a change in one script changes
 * the addresses of all that import it.
 */
final class AssetLoader {
    private static final Pattern IMPORT =
            Pattern.compile("^(import [^;\"]*)\"\\./([a-z0-9-]+\\.js)\";$", Pattern.MULTILINE);

    /** The bytes of files, as they were written. */
    interface Source {
        byte @Nullable [] read(String name);
    }

    private final Source source;
    private final Map<String, Asset> loaded = new ConcurrentHashMap<>();

    AssetLoader(Source source) {
        this.source = source;
    }

    /** Returns a file, or null where the program has none of this name. */
    @Nullable Asset find(String name) {
        return find(name, List.of());
    }

    private @Nullable Asset find(String name, List<String> users) {
        Asset known = loaded.get(name);
        if (known != null) {
            return known;
        }
        byte[] content = source.read(name);
        if (content == null) {
            return null;
        }
        Asset asset =
                new Asset(name, name.endsWith(".js") ? linked(name, content, users) : content);
        loaded.put(name, asset);
        return asset;
    }

    private byte[] linked(String name, byte[] content, List<String> users) {
        List<String> chain = Stream.concat(users.stream(), Stream.of(name)).toList();
        Matcher imports = IMPORT.matcher(new String(content, StandardCharsets.UTF_8));
        String text =
                imports.replaceAll(
                        found ->
                                Matcher.quoteReplacement(
                                        "%s\"%s\";"
                                                .formatted(
                                                        found.group(1),
                                                        imported(found, chain).path())));
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Asset imported(MatchResult found, List<String> chain) {
        String name = found.group(2);
        if (chain.contains(name)) {
            throw new IllegalStateException(
                    "scripts import each other in a circle: "
                            + Stream.concat(chain.stream(), Stream.of(name))
                                    .collect(Collectors.joining(" → ")));
        }
        Asset asset = find(name, chain);
        if (asset == null) {
            throw new IllegalStateException(
                    "%s imports %s, which the program does not have"
                            .formatted(chain.get(chain.size() - 1), name));
        }
        return asset;
    }
}
