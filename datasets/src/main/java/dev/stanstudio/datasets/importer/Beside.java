package dev.stanstudio.datasets.importer;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.source.FileKinds;
import dev.stanstudio.base.source.LabelJson;
import dev.stanstudio.datasets.collection.Labels;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Labels in files beside pictures: {@code wave.txt} or {@code wave.caption} for its caption, {@code
 * wave.json} for all that is known. All lines of a caption are taken, joined; of several captions
 * the one whose ending comes first in the settings.
 */
final class Beside {

    private final SourceTree tree;
    private final Map<String, Member> labels = new HashMap<>();

    /** By names as they are composed; a name that two files share is nobody's. */
    private final Map<String, Optional<Member>> composed = new HashMap<>();

    private final UnclearLabels unclear = new UnclearLabels();
    private long several;
    private long lines;
    private long empty;

    Beside(SourceTree tree) {
        this.tree = tree;
        for (Member member : tree.members()) {
            if (FileKinds.isLabel(member.name())) {
                String key = key(member.pathStem(), "." + member.extension());
                if (labels.putIfAbsent(key, member) == null) {
                    composed.merge(
                            compose(key), Optional.of(member), (one, other) -> Optional.empty());
                }
            }
        }
    }

    /** Endings in any case. */
    private static String key(String stem, String ending) {
        return stem + ending.toLowerCase(Locale.ROOT);
    }

    private static String compose(String key) {
        return Normalizer.normalize(key, Normalizer.Form.NFC);
    }

    private @Nullable Member find(Member picture, String ending) {
        Member label = named(key(picture.pathStem(), ending));
        return label == null ? named(key(picture.path(), ending)) : label;
    }

    /** The label of this very name, else the only one that differs in how accents are composed. */
    private @Nullable Member named(String key) {
        Member exact = labels.get(key);
        return exact == null
                ? composed.getOrDefault(compose(key), Optional.empty()).orElse(null)
                : exact;
    }

    /**
     * The caption of {@code picture}; null where none is there or it is empty.
     *
     * @throws UserException when it cannot be read
     */
    @Nullable String caption(Member picture) {
        @Nullable String caption = null;
        boolean found = false;
        for (String ending : tree.settings().captions()) {
            Member file = find(picture, ending);
            if (file != null && found) {
                several++;
            } else if (file != null) {
                found = true;
                caption = tree.text(file).strip();
                lines += caption.lines().count() > 1 ? 1 : 0;
                empty += caption.isEmpty() ? 1 : 0;
            }
        }
        return caption == null || caption.isEmpty() ? null : caption;
    }

    /**
     * Returns what the JSON beside {@code picture} says; nothing where none is there.
     *
     * @throws UserException when it cannot be read
     */
    Labels json(Member picture) {
        Member file = find(picture, ".json");
        if (file == null) {
            return Labels.NONE;
        }
        try {
            return unclear.labels(tree.locator(file), LabelJson.read(tree.text(file)));
        } catch (JsonProcessingException e) {
            throw new UserException(
                    "its label " + file.name() + " is not JSON: " + Json.problem(e), e);
        }
    }

    /** Tells what was decided about captions. */
    void tell(ItemSink sink) {
        String first = tree.settings().captions().get(0);
        if (several > 0) {
            sink.note(
                    ("%s pictures have two captions; that in the %s is taken"
                                    + " (--caption-extension names another)")
                            .formatted(several, first));
        }
        if (lines > 0) {
            sink.note(lines + " captions have several lines, which are joined to one");
        }
        if (empty > 0) {
            sink.note(empty + " captions are empty and count as none");
        }
        unclear.tell(sink);
    }
}
