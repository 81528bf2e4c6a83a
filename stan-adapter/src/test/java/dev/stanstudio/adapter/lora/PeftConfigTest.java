package dev.stanstudio.adapter.lora;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.adapter.ModulePattern;
import dev.stanstudio.datasets.UserException;
import dev.stanstudio.sd3.checkpoint.ConfigReader;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeftConfigTest {
    private static PeftConfig config(String json) {
        try {
            return PeftConfig.read(new ConfigReader("cfg", new ObjectMapper().readTree(json)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void missingFieldsHavePeftsDefaults() {
        PeftConfig config = config("{}");
        assertEquals(8, config.rank());
        assertEquals(8, config.alphaOf("transformer_blocks.0.attn.to_q"));
        config.requireRank("transformer_blocks.0.attn.to_q", 8);
    }

    @ParameterizedTest
    @CsvSource({
        "transformer_blocks.1.attn.to_q, 5",
        "transformer_blocks.11.attn.to_q, 3",
        "xtransformer_blocks.1.attn.to_q, 3",
        "transformer_blocks.1.attn.to_k, 7",
        "transformer_blocks.2.attn.to_k, 7",
        "transformer_blocks.2.attn.xto_k, 3",
        "transformer_blocks.3.attn.to_v, 11",
        "transformer_blocks.4.attn.to_v, 3",
        "norm_out.linear, 13"
    })
    void patternsNameWholePathsOrTheirTails(String module, double alpha) {
        PeftConfig config =
                config(
                        """
                        {"lora_alpha": 3, "alpha_pattern": {"transformer_blocks.1.attn.to_q": 5,
                         "to_k": 7, "transformer_blocks\\\\.[13]\\\\.attn\\\\.to_v": 11, "^norm_out.linear": 13}}
                        """);
        assertEquals(alpha, config.alphaOf(module));
    }

    @Test
    void theFirstPatternThatMatchesWins() {
        PeftConfig config = config("{\"alpha_pattern\": {\"to_q\": 1, \"attn.to_q\": 2}}");
        assertEquals(1, config.alphaOf("transformer_blocks.0.attn.to_q"));
    }

    @Test
    void aRankOtherThanTheTensorsIsRefused() {
        PeftConfig config = config("{\"r\": 4, \"rank_pattern\": {\"to_q\": 2}}");
        config.requireRank("a.to_q", 2);
        config.requireRank("a.to_k", 4);
        UserException refused =
                assertThrows(UserException.class, () -> config.requireRank("a.to_q", 4));
        assertEquals("cfg states rank 2 for a.to_q, its tensors have rank 4", refused.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"use_dora\": true}|use_dora is true: DoRA rescales whole rows of the weight",
                "{\"lora_bias\": true}|lora_bias is true",
                "{\"use_qalora\": true}|use_qalora is true",
                "{\"bias\": \"all\"}|bias is 'all'",
                "{\"modules_to_save\": [\"proj_out\"]}|modules_to_save names whole modules",
                "{\"layer_replication\": [[0, 4]]}|layer_replication",
                "{\"peft_type\": \"LOHA\"}|peft_type 'LOHA' is not supported, only 'LORA'",
                "{\"r\": 0}|r must be 1",
                "{\"r\": \"4\"}|r must be a whole number",
                "{\"alpha_pattern\": [1]}|alpha_pattern must be an object",
                "{\"alpha_pattern\": {\"to_q\": \"x\"}}|alpha_pattern: to_q must be a number"
            })
    void whatChangesTheMathsIsRefusedWithTheReason(String json, String reason) {
        UserException refused = assertThrows(UserException.class, () -> config(json));
        assertTrue(refused.getMessage().startsWith("cfg"), refused.getMessage());
        assertTrue(refused.getMessage().contains(reason), refused.getMessage());
    }

    @Test
    void nullsAreMissingFields() {
        PeftConfig config =
                config("{\"modules_to_save\": null, \"layer_replication\": null, \"r\": null}");
        assertEquals(8, config.rank());
    }

    @Test
    void hostileExpressionsEndInARefusal() {
        String module = "a".repeat(200);
        for (String pattern : new String[] {"(", ".*".repeat(9) + "b", "x".repeat(300)}) {
            UserException refused =
                    assertTimeoutPreemptively(
                            Duration.ofSeconds(20),
                            () ->
                                    assertThrows(
                                            UserException.class,
                                            () ->
                                                    ModulePattern.find(
                                                            "cfg", Map.of(pattern, 1), module)));
            assertTrue(refused.getMessage().startsWith("cfg: pattern '"), refused.getMessage());
        }
    }
}
