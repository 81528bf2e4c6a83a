package dev.stanstudio.adapter.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.adapter.file.AdapterFile;
import dev.stanstudio.training.OptimizerName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code train --optimizer}: each writes an adapter, and says what it does not take. */
class TrainOptimizerTest {
    @TempDir private Path folder;

    private String train(String out, String... more) {
        return new TrainedCommand(folder, "tiny-3.0").train(out, more);
    }

    @ParameterizedTest
    @EnumSource(OptimizerName.class)
    void everyOptimizerTrainsAnAdapterThatSaysWhichItWas(OptimizerName name) throws IOException {
        assertEquals("", train("out", "--optimizer", name.label(), "--lr", "0.01"));
        try (AdapterFile file = AdapterFile.open(folder.resolve("out/adapter"))) {
            String told = file.record().orElseThrow().training().get("optimizer");
            assertTrue(told != null && told.contains("beta"), told);
        }
        String log = Files.readString(folder.resolve("out/log.jsonl"));
        assertTrue(log.contains("\"validation\""), log);
        assertEquals(name == OptimizerName.PRODIGY, log.contains("prodigy_distance"));
    }

    @Test
    void whatAnOptimizerDoesNotTakeIsRefusedBeforeAFolderIsMade() {
        assertRefused("no optimizer is called 'sgd'", "--optimizer", "sgd");
        assertRefused("give --lr", "--optimizer", "lion");
        assertRefused("leave --ema out", "--optimizer", "schedule-free", "--ema", "0.9");
        assertRefused(
                "schedule-free takes no --schedule but constant",
                "--optimizer",
                "schedule-free",
                "--schedule",
                "cosine");
        assertRefused(
                "muon takes no d0; it takes beta1, beta2, eps, momentum",
                "--optimizer",
                "muon",
                "--optimizer-options",
                "d0=1e-5");
        assertRefused("must be a number, not 'x'", "--optimizer-options", "beta1=x");
        assertRefused("at least 0", "--weight-decay", "-1");
    }

    private void assertRefused(String message, String... options) {
        String told = train("no", options);
        assertTrue(told.contains(message), told);
        assertFalse(told.contains("\n"), told);
        assertFalse(Files.exists(folder.resolve("no")), "a folder was made");
    }
}
