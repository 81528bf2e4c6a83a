package dev.stanstudio.sd3.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlockWeightsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0-5:1, 6-11:0        | 0-5:1,6-11:0         | 1 1 0 0 1 1",
                "3:.5,2:0.50,7:-1     | 2-3:0.5,7:-1         | 1 0.5 1 -1 1 1",
                "*:0.2,0:1.0          | 0:1,*:0.2            | 1 0.2 0.2 0.2 0.2 1",
                "0:2,outside:0        | 0:2,outside:0        | 2 1 1 1 1 0",
                "0-2, 6 , 7           | 0-2,6-7              | 1 0 1 1 0 0",
                "0:1,*:0,outside:0    | 0                    | 1 0 0 0 0 0",
            })
    void blocksHaveWeights(String text, String written, String factors) {
        BlockWeights weights = BlockWeights.parse(text);
        assertEquals(written, weights.toString());
        assertEquals(weights, BlockWeights.parse(written), "what is shown can be typed");
        int[] blocks = {0, 3, 6, 7, 99};
        String[] wanted = factors.split(" ");
        for (int i = 0; i < blocks.length; i++) {
            String module = "transformer_blocks.%d.attn.to_q".formatted(blocks[i]);
            assertEquals(Double.parseDouble(wanted[i]), weights.of(module), module);
        }
        assertEquals(Double.parseDouble(wanted[5]), weights.of("proj_out"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0-5:1,4:0   | 'name 4 twice'",
                "*:1,*:0     | 'name * twice'",
                "5-3:1       | 'range of blocks '5-3' runs backwards'",
                "0-5:1,6     | 'not '0-5:1,6''",
                "a:1         | 'not 'a:1''",
                "*           | 'not '*''",
                "0:x         | 'must be a number, not 'x''",
                "0:NaN       | 'must be a number, not 'NaN''",
                "0:1,,1:1    | 'not '0:1,,1:1''",
            },
            quoteCharacter = '"')
    void whatIsNoWeightOfABlockIsNamed(String text, String named) {
        String said =
                assertThrows(ArgumentException.class, () -> BlockWeights.parse(text)).getMessage();
        assertTrue(said.contains(named.substring(1, named.length() - 1)), said);
        assertEquals(1, said.lines().count());
    }

    @Test
    void blocksThatAModelLacksAreNamed() {
        BlockWeights weights = BlockWeights.parse("0-2:1,4-9:0");
        weights.check("nano", 10);
        assertEquals(
                "nano has the blocks 0 … 4; the block weights '0-2:1,4-9:0' name block 5",
                assertThrows(ArgumentException.class, () -> weights.check("nano", 5)).getMessage());
    }

    @Test
    void recordsKeepThemAndOlderOnesLackThem() throws JsonProcessingException {
        WeightedAdapter plain = new WeightedAdapter("a", "b", 1);
        assertFalse(Json.PLAIN.writeValueAsString(plain).contains("blocks"));
        WeightedAdapter weighed = plain.within(BlockWeights.parse("0:1,*:0.5"));
        String json = Json.PLAIN.writeValueAsString(weighed);
        assertTrue(json.contains("\"blocks\":\"0:1,*:0.5\""), json);
        assertEquals(weighed, Json.PLAIN.readValue(json, WeightedAdapter.class));
        assertEquals(
                plain,
                Json.PLAIN.readValue(
                        "{\"path\":\"a\",\"sha256\":\"b\",\"weight\":1}", WeightedAdapter.class));
    }
}
