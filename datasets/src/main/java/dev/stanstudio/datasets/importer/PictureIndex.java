package dev.stanstudio.datasets.importer;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds pictures by what lists call them: by path, however accents are composed, or by name alone
 * where only one picture has it.
 */
final class PictureIndex {
    private final Map<String, Member> paths = new HashMap<>();
    private final Map<String, Optional<Member>> composed = new HashMap<>();
    private final Map<String, Optional<Member>> names = new HashMap<>();

    PictureIndex(SourceTree tree) {
        for (Member member : tree.members()) {
            paths.put(member.path(), member);
            add(composed, compose(member.path()), member);
            if (member.isPicture()) {
                add(names, compose(member.name()), member);
                if (!member.stem().equals(member.name())) {
                    add(names, compose(member.stem()), member);
                }
            }
        }
    }

    /** A name that two files share is nobody's. */
    private static void add(Map<String, Optional<Member>> map, String key, Member member) {
        map.merge(key, Optional.of(member), (one, other) -> Optional.empty());
    }

    private static String compose(String path) {
        return Normalizer.normalize(path, Normalizer.Form.NFC);
    }

    /** The file at {@code path}, or null. */
    @Nullable Member at(String path) {
        Member exact = paths.get(path);
        return exact == null
                ? composed.getOrDefault(compose(path), Optional.empty()).orElse(null)
                : exact;
    }

    /** The picture of this name, with or without its ending, in whatever folder; or null. */
    @Nullable Member named(String path) {
        String tidy = Member.tidy(path);
        String name = tidy.substring(tidy.lastIndexOf('/') + 1);
        return names.getOrDefault(compose(name), Optional.empty()).orElse(null);
    }
}
