package dev.stanstudio.web.generate;

import dev.stanstudio.pretrain.NanoData;
import dev.stanstudio.synth.SynthCollection;
import dev.stanstudio.synth.SynthSpec;
import dev.stanstudio.synth.paint.ArtStyle;
import dev.stanstudio.synth.scene.SceneKind;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Knows what the built-in model can draw: the scenes and words that it was trained on. */
final class KnownScenes {
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");

    /** Captions of which the words are taken; the rarest word stands in one of a few hundred. */
    private static final int CAPTIONS = 8_000;

    private static final int SIDE = 64;

    private KnownScenes() {}

    /** Names a scene and a prompt that shows it. */
    record Scene(String name, String prompt) {}

    private static final class Scenes {
        static final List<Scene> ALL =
                Arrays.stream(SceneKind.values()).map(Scenes::scene).toList();

        private static Scene scene(SceneKind kind) {
            SynthSpec spec = new SynthSpec(SIDE, List.of(kind), List.of(ArtStyle.PLAIN));
            String prompt = new SynthCollection(spec).content(NanoData.HELD_OUT_SEED, 0);
            return new Scene(kind.id().replace('-', ' '), prompt);
        }
    }

    /** Takes seconds to make, for which the page with the scenes does not wait. */
    private static final class Words {
        static final Set<String> ALL = collect();

        private static Set<String> collect() {
            SynthCollection trained = new SynthCollection(NanoData.baseSpec());
            Set<String> words = new TreeSet<>(Set.of("the", "style"));
            for (int i = 0; i < CAPTIONS; i++) {
                words(trained.content(NanoData.TRAINING_SEED, i)).forEach(words::add);
            }
            for (ArtStyle style : ArtStyle.taught()) {
                words(style.words()).forEach(words::add);
            }
            return words;
        }
    }

    /** Returns every scene. */
    static List<Scene> all() {
        return Scenes.ALL;
    }

    /** Returns the words of {@code text} that no caption of the training has, each once. */
    static Set<String> unknown(String text) {
        Set<String> unknown = new LinkedHashSet<>();
        words(text).filter(word -> !Words.ALL.contains(word)).forEach(unknown::add);
        return unknown;
    }

    private static Stream<String> words(String text) {
        return WORD.matcher(text.toLowerCase(Locale.ROOT)).results().map(MatchResult::group);
    }
}
