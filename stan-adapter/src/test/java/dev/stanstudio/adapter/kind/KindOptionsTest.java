package dev.stanstudio.adapter.kind;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class KindOptionsTest {
    private static final KindSizes PAPER = new KindSizes(512, 96, 32, 1.0);
    private static final KindSizes PLAIN = new KindSizes(512, 96, 32, null);

    private static AdapterKind kind(KindSizes sizes, String... args) {
        return CommandLine.populateCommand(new KindOptions(), args).kind(Map.of(), 1, sizes);
    }

    /** Table 14 has α = 1, whatever the rank; only an option changes it. */
    @Test
    void alphaOfThePresetStaysWithAnotherRank() {
        assertEquals(Lora.of(32, 1), kind(PAPER, "--method", "lora"));
        assertEquals(Lora.of(16, 1), kind(PAPER, "--method", "lora", "--rank", "16"));
        assertEquals(
                Lora.of(16, 4), kind(PAPER, "--method", "lora", "--rank", "16", "--alpha", "4"));
        assertEquals(Lora.of(16, 16), kind(PLAIN, "--method", "lora", "--rank", "16"));
    }

    /** Table 12 of the paper. */
    @Test
    void soraTakesBothLambdasOfThePaper() {
        assertEquals(new Sora(32, 1, 10, 3e-4), kind(PAPER, "--method", "sora"));
    }
}
