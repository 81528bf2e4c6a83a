package dev.stanstudio.adapter.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.adapter.kind.TargetModules;
import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AdapterReportTest {
    private static final Map<String, long[]> MODULES =
            TargetModules.of(new MmditConfig(8, 2, 16, 2, 4, 2, 12, 10, 16, 6, Set.of(0), true));

    private static AdapterReport match(Map<String, long[]> changes) {
        return AdapterReport.match("mine", changes, MODULES);
    }

    @Test
    void modulesAreLinearLayersAndConvolutions() {
        assertEquals(List.of(8L, 12L), shape("context_embedder"));
        assertEquals(List.of(8L, 16L, 2L, 2L), shape("pos_embed.proj"));
        assertEquals(List.of(72L, 8L), shape("transformer_blocks.0.norm1.linear"));
        assertTrue(MODULES.keySet().stream().noneMatch(name -> name.endsWith("norm_q")));
        assertEquals(37, MODULES.size());
    }

    private static List<Long> shape(String module) {
        return java.util.Arrays.stream(MODULES.get(module)).boxed().toList();
    }

    @Test
    void everyModuleIsMatchedUnmatchedOrOfAnotherShape() {
        AdapterReport report =
                match(
                        Map.of(
                                "proj_out", new long[] {64, 8},
                                "transformer_blocks.1.attn.to_add_out", new long[] {8, 8},
                                "norm_out.linear", new long[] {16, 9}));
        assertEquals(List.of("proj_out"), report.matched());
        assertEquals(
                List.of("transformer_blocks.1.attn.to_add_out"),
                report.unmatched().stream().map(AdapterReport.Unmatched::module).toList());
        assertEquals(
                "transformer_blocks.0.attn.to_add_out", report.unmatched().get(0).nearest().get(0));
        assertEquals(
                List.of(
                        new AdapterReport.WrongShape(
                                "norm_out.linear", List.of(16L, 9L), List.of(16L, 8L))),
                report.wrongShape());
        assertSame(report, report.requireMatch());
    }

    @Test
    void nearestNamesAreTheMostSimilar() {
        AdapterReport report = match(Map.of("transformer_blocks.0.attn.to_qq", new long[] {8, 8}));
        assertEquals(
                List.of(
                        "transformer_blocks.0.attn.to_q",
                        "transformer_blocks.0.attn.to_k",
                        "transformer_blocks.0.attn.to_v"),
                report.unmatched().get(0).nearest());
    }

    @Test
    void aLoraThatMatchesNothingIsRefusedWithTheNearestNames() {
        AdapterReport report = match(Map.of("blocks.0.attn.to_q", new long[] {8, 8}));
        String message = assertThrows(UserException.class, report::requireMatch).getMessage();
        assertTrue(message.startsWith("mine matches nothing"), message);
        assertTrue(message.contains("blocks.0.attn.to_q are "), message);
        assertTrue(message.contains("transformer_blocks.0.attn.to_q"), message);
    }

    @Test
    void aLoraOfAnotherWidthIsRefusedWithBothShapes() {
        AdapterReport report = match(Map.of("proj_out", new long[] {64, 1536}));
        String message = assertThrows(UserException.class, report::requireMatch).getMessage();
        assertTrue(message.contains("needs [64, 1536], the model has [64, 8]"), message);
    }

    @Test
    void aLoraOfTextEncodersAloneIsRefused() {
        String message =
                assertThrows(UserException.class, match(Map.of())::requireMatch).getMessage();
        assertTrue(message.contains("only of text encoders"), message);
    }

    @Test
    void thousandsOfStrangersAreReportedQuickly() {
        Map<String, long[]> changes = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            changes.put("stranger." + i + "x".repeat(1000), new long[] {1, 1});
        }
        AdapterReport report = match(changes);
        assertEquals(20_000, report.total());
        assertEquals(64, report.unmatched().stream().filter(u -> !u.nearest().isEmpty()).count());
    }
}
