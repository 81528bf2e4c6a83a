package dev.stanstudio.sd3.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.pipeline.FeatureChange.Operation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FeatureChangeTest {
    @ParameterizedTest
    @CsvSource({
        "attn.to_q:17=x2, SCALE, 2, 17, 17, 1, 2147483647",
        "attn.to_q:17=×-0.5, SCALE, -0.5, 17, 17, 1, 2147483647",
        "attn.to_q:3-7=0, SCALE, 0, 3, 7, 1, 2147483647",
        "3.attn:*=<=1.5@4-9, CLAMP, 1.5, 0, 2147483647, 4, 9",
        "attn:4=+1e1@-5, INJECT, 10, 4, 4, 1, 5",
        "attn:4=+-2@6-, INJECT, -2, 4, 4, 6, 2147483647",
        "attn:4=0@6, SCALE, 0, 4, 4, 6, 6"
    })
    void theTextSaysWhatWhereAndWhen(
            String text, Operation operation, double value, int first, int last, int from, int to) {
        FeatureChange change = FeatureChange.parse(text);
        String layer = text.substring(0, text.indexOf(':'));
        assertEquals(new FeatureChange(layer, first, last, operation, value, from, to), change);
        assertEquals(change, FeatureChange.parse(change.toString()));
    }

    @Test
    void aLayerIsNamedByPartsOfItsPath() {
        String path = "transformer_blocks.12.attn.to_out.0";
        for (String layer : new String[] {"attn", "12.attn", "to_out.0", "attn.to_*", path}) {
            assertTrue(FeatureChange.parse(layer + ":0=0").matches(path), layer);
        }
        for (String layer : new String[] {"2.attn", "attn.to", "att", "attn2", "to_q"}) {
            assertFalse(FeatureChange.parse(layer + ":0=0").matches(path), layer);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "attn",
                "attn:0",
                "attn:0=",
                "attn:0=x",
                "attn:0=02",
                "attn:-1=0",
                "attn:7-3=0",
                "attn:0=<=-1",
                "attn:0=x2@0-3",
                "attn:0=x2@5-3",
                "attn:0=y2",
                "attn:0=x1.2.3",
                ":0=0",
                "attn:0=x1e999"
            })
    void anythingElseIsRefusedWithItsText(String text) {
        ArgumentException refused =
                assertThrows(ArgumentException.class, () -> FeatureChange.parse(text));
        assertTrue(refused.getMessage().contains(text), refused::getMessage);
    }
}
