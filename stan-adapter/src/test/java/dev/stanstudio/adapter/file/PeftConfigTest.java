package dev.stanstudio.adapter.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.adapter.kind.ModulePattern;
import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.checkpoint.ConfigReader;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
        assertEquals(8, config.alphaOf("transformer_blocks.0.attn.to_q", 8));
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
        assertEquals(alpha, config.alphaOf(module, 8));
    }

    @Test
    void theFirstPatternThatMatchesWins() {
        PeftConfig config = config("{\"alpha_pattern\": {\"to_q\": 1, \"attn.to_q\": 2}}");
        assertEquals(1, config.alphaOf("transformer_blocks.0.attn.to_q", 8));
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
                "{\"lora_bias\": true}|lora_bias is true",
                "{\"use_qalora\": true}|use_qalora is true",
                "{\"bias\": \"all\"}|bias is 'all'",
                "{\"modules_to_save\": [\"proj_out\"]}|modules_to_save names whole modules",
                "{\"layer_replication\": [[0, 4]]}|layer_replication",
                "{\"init_lora_weights\": \"PiSSA\"}|init_lora_weights is 'PiSSA'",
                "{\"peft_type\": \"ADALORA\", \"init_lora_weights\": \"pissa\"}|changing the"
                        + " model's own weights",
                "{\"lora_alpha\": null}|lora_alpha must be a number, not null",
                "{\"init_lora_weights\":"
                        + " \"pissa_niter_16\"}|path_initial_model_for_weight_conversion",
                "{\"init_lora_weights\": \"corda\"}|init_lora_weights",
                "{\"init_lora_weights\": \"loftq\"}|init_lora_weights",
                "{\"init_lora_weights\": \"lora_ga\"}|init_lora_weights",
                "{\"init_lora_weights\": \"next\"}|init_lora_weights is 'next'",
                "{\"init_lora_weights\": [1]}|init_lora_weights",
                "{\"kasa_config\": {\"beta\": 1}}|kasa_config truncates",
                "{\"use_bdlora\": {\"a\": 1}}|use_bdlora",
                "{\"arrow_config\": {\"a\": 1}}|arrow_config routes",
                "{\"alora_invocation_tokens\": [1]}|alora_invocation_tokens",
                "{\"r\": 2147483648}|r must be a whole number",
                "{\"r\": -1}|r must be 1",
                "{\"lora_alpha\": \"NaN\"}|lora_alpha must be a number",
                "{\"lora_alpha\": 1e999}|lora_alpha must be a number",
                "{\"peft_type\": \"ADALORA\", \"rank_pattern\": {\"a\": [1]}}|must be a list of"
                        + " true and false",
                "{\"peft_type\": \"VERA\"}|peft_type 'VERA' is not supported, only 'LORA'",
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "true",
                "false",
                "null",
                "\"gaussian\"",
                "\"eva\"",
                "\"orthogonal\"",
                "\"mica\""
            })
    void startsThatLeaveTheBaseAloneArePlain(String start) {
        assertEquals(List.of(), config("{\"init_lora_weights\": " + start + "}").unknown());
    }

    @Test
    void fieldsThatAreNotKnownAreReportedWhereTheySaySomething() {
        assertEquals(
                List.of("next_a", "next_b"),
                config(
                                """
                                {"next_b": "x", "next_a": {"y": 1}, "next_c": null, "next_d": {}, "next_e": 0,
                                 "next_f": "none", "next_g": false, "velora_config": {"a": 1}, "peft_version": "1"}
                                """)
                        .unknown());
    }

    @Test
    void nullsAreMissingFields() {
        PeftConfig config =
                config("{\"modules_to_save\": null, \"layer_replication\": null, \"r\": null}");
        assertEquals(8, config.rank());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(",
                "to_q)|(to_k",
                "(?=a)a",
                "(a)\\1",
                "a++",
                "(?>a)",
                "((?:){2000000000}){2000000000}",
                "((?=){2000000000}){2000000000}",
                "(?<n>){2000000000}",
                "(a{100}){100}",
                "a{,3}",
                "[[:alpha:]]+"
            })
    void whatNoLinearEngineMatchesIsRefused(String pattern) {
        assertRefused("pattern '", Map.of(pattern, 1));
    }

    private static void assertRefused(String reason, Map<String, Integer> patterns) {
        UserException refused =
                assertThrows(UserException.class, () -> ModulePattern.require("cfg", patterns));
        assertTrue(refused.getMessage().startsWith("cfg: "), refused.getMessage());
        assertTrue(refused.getMessage().contains(reason), refused.getMessage());
    }

    @Test
    void noExpressionHangs() {
        String module = "a".repeat(200);
        for (String pattern :
                new String[] {".*".repeat(9) + "b", "(a*)*b", "(a|a)*b", "(a{0,99})*b"}) {
            assertTimeoutPreemptively(
                    Duration.ofSeconds(20),
                    () ->
                            assertEquals(
                                    Optional.empty(),
                                    ModulePattern.find("cfg", Map.of(pattern, 1), module)));
        }
    }

    @Test
    void patternsBeyondAnyModelAreRefused() {
        assertRefused("too long", Map.of("x".repeat(300), 1));
        Map<String, Integer> paths = new HashMap<>();
        Map<String, Integer> expressions = new HashMap<>();
        for (int i = 0; i < 5000; i++) {
            paths.put("transformer_blocks." + i, 1);
            expressions.put("transformer_blocks\\.(" + i + ")", 1);
        }
        assertRefused("5000 patterns", paths);
        expressions.keySet().removeIf(pattern -> pattern.endsWith("0)"));
        expressions.keySet().removeIf(pattern -> pattern.length() < 24);
        assertRefused("", expressions);
    }
}
