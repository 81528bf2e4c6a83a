package dev.stanstudio.adapter.kind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.adapter.project.ProjectionPart;
import dev.stanstudio.base.ArgumentException;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SizingTest {
    private static final String MODULE = "transformer_blocks.0.attn.to_q";
    private static final AdaLora.Schedule SCHEDULE = new AdaLora.Schedule(10, 20, 5);
    private static final AdaLora ADALORA = new AdaLora(12, 8, 16, SCHEDULE, 0.85, 0.85, 0.5);

    private static Map<String, long[]> layers(int count, long width) {
        Map<String, long[]> layers = new java.util.LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            layers.put("transformer_blocks." + i + ".attn.to_q", new long[] {width, width});
        }
        return layers;
    }

    /** The counts of the paper's table for a layer of SD3-medium. */
    @Test
    void countsOfTheKinds() {
        assertEquals(1_572_864, Stan.of(512, 96).parameters(MODULE, 1536, 1536));
        assertEquals(98_304, Lora.of(32, 1).parameters(MODULE, 1536, 1536));
        assertEquals(8 * 3073, ADALORA.parameters(MODULE, 1536, 1536));
        assertEquals(8 * 3073, new Sora(8, 16, 10, 3e-4).parameters(MODULE, 1536, 1536));
        assertEquals(235_929, new SparseMask(100, 1, true, 1).parameters(MODULE, 1536, 1536));
        assertEquals(921 * 256, new SparseMask(100, 16, true, 1).parameters(MODULE, 1536, 1536));
        Stan tied = Stan.of(Width.expanded(1.5), 8).tiedDecoder();
        assertEquals(36 * 24, tied.parameters(MODULE, 24, 24));
        assertThrows(ArgumentException.class, () -> tied.tensors(MODULE, 24, 20));
    }

    @Test
    void everyKindIsSizedToABudget() {
        Map<String, long[]> layers = layers(3, 64);
        long budget = Sizing.parameters(Lora.of(9, 9), layers);
        Stream.of(
                        Stan.of(512, 96),
                        Lora.of(32, 1),
                        ADALORA,
                        new Sora(4, 4, 0, 0),
                        new SparseMask(100, 1, true, 1))
                .forEach(
                        kind -> {
                            AdapterKind fitted = Sizing.match(kind, layers, budget);
                            long own = Sizing.parameters(fitted, layers);
                            assertTrue(own <= budget && own > 0.85 * budget, fitted::toString);
                        });
        Stan stan = (Stan) Sizing.match(Stan.of(512, 96), layers, budget);
        assertEquals(9, stan.width().features());
        assertEquals(2, stan.k(), "k keeps its share of l");
        assertThrows(ArgumentException.class, () -> Sizing.match(Lora.of(1, 1), layers, 100));
    }

    @Test
    void patternsDecideForSingleModules() {
        Lora lora =
                new Lora(
                        6,
                        3,
                        true,
                        false,
                        Map.of("transformer_blocks.1.attn.to_q", 2),
                        Map.of("transformer_blocks.1.attn.to_q", 5.0));
        ProjectionPart part = lora.part("transformer_blocks.1.attn.to_q", 8, 8);
        assertEquals(2, part.features());
        assertEquals(5 / Math.sqrt(2), part.scale());
        assertEquals(3 / Math.sqrt(6), lora.part("transformer_blocks.0.attn.to_q", 8, 8).scale());
        Stan stan =
                Stan.of(16, 4)
                        .withWidths(Map.of("attn2.to_q", 8))
                        .withActive(Map.of("attn2.to_q", 2));
        assertEquals(0.5, stan.part("transformer_blocks.0.attn2.to_q", 8, 8).scale());
        assertEquals(8, stan.part("transformer_blocks.0.attn2.to_q", 8, 8).features());
        assertEquals(0.25, stan.part("transformer_blocks.0.attn.to_q", 8, 8).scale());
    }

    @Test
    void settingsThatCannotWorkAreRefused() {
        assertThrows(ArgumentException.class, () -> Stan.of(4, 5));
        assertThrows(ArgumentException.class, () -> Stan.of(0, 1));
        assertThrows(ArgumentException.class, () -> new Width(4, 2));
        assertThrows(ArgumentException.class, () -> Lora.of(0, 1));
        assertThrows(ArgumentException.class, () -> Lora.of(1, Double.NaN));
        assertThrows(
                ArgumentException.class, () -> new AdaLora(4, 5, 1, SCHEDULE, 0.85, 0.85, 0.5));
        assertThrows(ArgumentException.class, () -> new Sora(4, 1, -1, 0));
        assertThrows(ArgumentException.class, () -> new Sora(4, 1, 0, Double.NaN));
        assertThrows(ArgumentException.class, () -> new SparseMask(0, 1, true, 1));
        assertThrows(ArgumentException.class, () -> new SparseMask(1, 8, true, 1));
        assertThrows(
                ArgumentException.class,
                () -> new SparseMask(1, 16, true, 1).tensors(MODULE, 24, 16));
        assertThrows(ArgumentException.class, () -> new Revival(1, 0, 1));
    }
}
