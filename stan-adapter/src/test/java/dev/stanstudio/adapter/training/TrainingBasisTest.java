package dev.stanstudio.adapter.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.sd3.checkpoint.Quantization;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrainingBasisTest {
    private static final Path FILE = Path.of("checkpoint.safetensors");
    private static final TrainingBasis BASIS =
            TrainingBasis.of("abc", "shift 3", DType.BF16, Quantization.NONE, "256 tokens");

    private static String refusal(TrainingBasis now) {
        Map<String, String> kept = BASIS.beside(Map.of("best.step", "3"));
        assertEquals("3", kept.get("best.step"));
        return String.valueOf(
                assertThrows(UserException.class, () -> now.require(FILE, kept)).getMessage());
    }

    @Test
    void whatDiffersIsNamed() {
        assertEquals(
                "checkpoint.safetensors was started with another basis (a model with other"
                        + " weights); repeat that, or name another folder with --out",
                refusal(
                        TrainingBasis.of(
                                "abd", "shift 3", DType.BF16, Quantization.NONE, "256 tokens")));
        assertEquals(
                "checkpoint.safetensors was started with another basis (captions 256 tokens, now 77"
                        + " tokens; dtype bf16, now fp32); repeat that, or name another folder with"
                        + " --out",
                refusal(
                        TrainingBasis.of(
                                "abc", "shift 3", DType.FP32, Quantization.NONE, "77 tokens")));
    }

    @Test
    void otherSettingsOfTheModelAreAnotherBasis() {
        assertEquals(
                "checkpoint.safetensors was started with another basis (a model with other"
                        + " settings); repeat that, or name another folder with --out",
                refusal(
                        TrainingBasis.of(
                                "abc", "shift 1", DType.BF16, Quantization.NONE, "256 tokens")));
    }

    @Test
    void checkpointsThatSayNothingGoOn() {
        BASIS.require(FILE, Map.of());
        BASIS.require(FILE, BASIS.beside(Map.of()));
        TrainingBasis.NONE.require(FILE, BASIS.beside(Map.of()));
        assertEquals(Map.of(), TrainingBasis.NONE.beside(Map.of()));
    }

    @Test
    void aDamagedBestStepIsRefusedInOneLine() {
        UserException e =
                assertThrows(
                        UserException.class,
                        () ->
                                new BestWeights()
                                        .restore(FILE, Map.of("best.step", "x", "best.loss", "1")));
        assertEquals(
                "checkpoint.safetensors is damaged: its best step is 'x' with loss '1'; train anew"
                        + " in another folder",
                e.getMessage());
    }
}
