package dev.stanstudio.web.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stanstudio.pretrain.NanoData;
import dev.stanstudio.synth.scene.SceneKind;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The built-in model knows every caption of its data, and no other words. */
class KnownScenesTest {
    @Test
    void everySceneHasAnExampleThatTheModelKnows() {
        assertEquals(SceneKind.values().length, KnownScenes.all().size());
        for (KnownScenes.Scene scene : KnownScenes.all()) {
            assertEquals(Set.of(), KnownScenes.unknown(scene.prompt()), scene.name());
        }
    }

    @Test
    void captionsThatTheModelWasNotTrainedOnHaveKnownWords() {
        for (int i = 0; i < 500; i++) {
            String caption = NanoData.heldOutCaption(i);
            assertEquals(Set.of(), KnownScenes.unknown(caption), caption);
        }
    }

    @Test
    void otherWordsAreUnknownEachOnce() {
        assertEquals(
                List.of("sleeping", "sofa", "été"),
                List.copyOf(
                        KnownScenes.unknown(
                                "A sleeping Cat on a red SOFA, in the sofa; été (ukiyo-e)")));
    }
}
