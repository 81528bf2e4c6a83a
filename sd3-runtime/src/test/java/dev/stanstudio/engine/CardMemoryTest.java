package dev.stanstudio.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The most that nvidia-smi's lines say, by a shell in its place. */
class CardMemoryTest {
    private static CardMemory lines(String text) throws IOException {
        return new CardMemory(List.of("printf", text));
    }

    @Test
    void theLargestReadingCounts() throws Exception {
        try (CardMemory card = lines("512\\n 9001 \\n700\\n")) {
            card.join();
            assertEquals(OptionalLong.of(9001), card.peakMegabytes());
        }
    }

    @Test
    void whatIsNoNumberIsUnknown() throws Exception {
        try (CardMemory card = lines("[N/A]\\nNo devices were found\\n")) {
            card.join();
            card.awaitReading();
            assertEquals(OptionalLong.empty(), card.peakMegabytes());
        }
        assertThrows(IOException.class, () -> new CardMemory(List.of("/nowhere/nvidia-smi")));
    }

    @Test
    void cardsAreCountedAmongTheVisibleOnes() {
        assertEquals("1", CardMemory.card(1, null));
        assertEquals("0", CardMemory.card(0, ""));
        assertEquals("3", CardMemory.card(1, "2, 3"));
        assertEquals("GPU-5a", CardMemory.card(0, "GPU-5a"));
    }

    @Test
    void onTheProcessorResidentMemoryCounts() {
        boolean[] ran = {false};
        OptionalLong peak = PeakMemory.during(Device.CPU, () -> ran[0] = true);
        assertTrue(ran[0]);
        assertEquals(PeakMemory.megabytes().isPresent(), peak.isPresent());
    }
}
