package dev.stanstudio.adapter.file;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class BlockRangesTest {
    private static String block(int block, String module) {
        return "transformer_blocks." + block + "." + module;
    }

    @Test
    void modulesOfTheSameBlocksShareALine() {
        assertEquals(
                List.of(
                        new BlockRanges.Group("", List.of("norm_out.linear", "proj_out")),
                        new BlockRanges.Group("0,2-3", List.of("a", "c")),
                        new BlockRanges.Group("10", List.of("b"))),
                BlockRanges.of(
                        List.of(
                                block(10, "b"),
                                block(3, "a"),
                                block(0, "a"),
                                block(2, "a"),
                                "proj_out",
                                block(2, "c"),
                                block(0, "c"),
                                block(3, "c"),
                                "norm_out.linear")));
        assertEquals(List.of(), BlockRanges.of(List.of()));
    }
}
