package dev.stanstudio.adapter.kind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import dev.stanstudio.sd3.mmdit.MmditSlot;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TargetSelectionTest {
    private static final MmditConfig CONFIG =
            new MmditConfig(8, 2, 16, 3, 4, 2, 12, 10, 16, 6, Set.of(0, 1), true);

    private static final String UNREAD = "transformer_blocks.2.attn.add_q_proj";

    private static Set<String> select(BlockSet blocks, String... names) {
        return new TargetSelection(List.of(names), blocks).select(CONFIG).keySet();
    }

    @Test
    void theAttentionOfEveryBlockByDefaultButForTheProjectionThatNothingReads() {
        Map<String, long[]> chosen = TargetSelection.DEFAULT.select(CONFIG);
        // The last block has no to_add_out, and what its add_q_proj gives is discarded.
        assertEquals(8 * 3 - 2, chosen.size());
        assertTrue(chosen.keySet().stream().noneMatch(path -> path.contains("attn2")));
        assertFalse(chosen.containsKey(UNREAD));
        assertTrue(chosen.containsKey("transformer_blocks.2.attn.add_k_proj"));
        assertTrue(chosen.containsKey("transformer_blocks.1.attn.add_q_proj"));
        List<String> names = TargetSelection.peftNames(chosen.keySet(), CONFIG);
        assertTrue(names.contains("attn.add_k_proj"), names::toString);
        assertTrue(names.contains("transformer_blocks.1.attn.add_q_proj"), names::toString);
        assertFalse(names.contains("attn.add_q_proj"), names::toString);
    }

    @Test
    void whatNothingReadsIsChosenByNameAndKeptWhereItWasTrained() {
        Set<String> named = select(BlockSet.ALL, TargetSelection.ATTENTION.toArray(String[]::new));
        assertEquals(8 * 3 - 1, named.size());
        assertTrue(named.contains(UNREAD));
        assertEquals(TargetSelection.ATTENTION, TargetSelection.peftNames(named, CONFIG));
        assertEquals(named, TargetSelection.DEFAULT.select(CONFIG, named).keySet());
        assertEquals(6, TargetSelection.attention(BlockSet.parse("2")).select(CONFIG).size());
    }

    @Test
    void anyLinearLayerByPartsOfItsPath() {
        assertEquals(8, select(BlockSet.ALL, "attn2").size());
        assertEquals(
                Set.of("transformer_blocks.2.ff.net.0.proj", "transformer_blocks.2.ff.net.2"),
                select(BlockSet.parse("2"), "ff"));
        assertEquals(9, select(BlockSet.parse("0-2"), "attn.add_*_proj").size());
        assertEquals(Set.of("context_embedder"), select(BlockSet.ALL, "context_embedder"));
        assertEquals(
                Set.of("transformer_blocks.1.attn.to_q"),
                select(BlockSet.ALL, "transformer_blocks.1.attn.to_q"));
    }

    @Test
    void partsOfTheSelectionGoToPeftAsWholePaths() {
        Set<String> chosen = select(BlockSet.parse("0,2"), "attn.to_q");
        assertEquals(List.copyOf(chosen), TargetSelection.peftNames(chosen, CONFIG));
    }

    @Test
    void whatMatchesNothingNamesTheNearest() {
        ArgumentException thrown =
                assertThrows(ArgumentException.class, () -> select(BlockSet.ALL, "attn.to_qq"));
        assertTrue(thrown.getMessage().contains("attn.to_q,"), thrown::getMessage);
        assertThrows(ArgumentException.class, () -> select(BlockSet.ALL, "tn.to_q"));
        assertThrows(ArgumentException.class, () -> select(BlockSet.ALL, "pos_embed.proj"));
        assertThrows(ArgumentException.class, () -> select(BlockSet.parse("3"), "ff"));
        assertThrows(ArgumentException.class, () -> select(BlockSet.parse("2"), "attn2"));
        assertThrows(ArgumentException.class, () -> select(BlockSet.ALL, " "));
        assertThrows(ArgumentException.class, () -> BlockSet.parse("3-1"));
        assertThrows(ArgumentException.class, () -> BlockSet.parse("a"));
    }

    @Test
    void everyLinearLayerHasAPlaceInTheProgram() {
        Set<String> all =
                select(BlockSet.ALL, "transformer_blocks", "context_embedder", "proj_out");
        for (String module : all) {
            assertTrue(MmditSlot.of(module).isPresent(), module);
        }
        assertEquals(new MmditSlot(2, 8, 1), MmditSlot.of("transformer_blocks.2.attn2.to_k").get());
        assertEquals(16, new MmditSlot(2, 8, 2).row(8));
        assertTrue(MmditSlot.of("pos_embed.proj").isEmpty());
    }
}
