package dev.stanstudio.sd3.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.checkpoint.Quantization;
import dev.stanstudio.sd3.metadata.Provenance.EngineIdentity;
import org.junit.jupiter.api.Test;

class ModelOptionsTest {
    private static ModelOptions onTheCpu() {
        ModelOptions options = new ModelOptions();
        options.device = "cpu";
        return options;
    }

    @Test
    void aRecordsFormOfTheWeightsHoldsUntilAnotherIsAskedFor() {
        EngineIdentity made = new EngineIdentity("2.7.1", "cpu", "fp32", 1, "int8");
        assertEquals(Quantization.INT8, onTheCpu().load(true, made).quantization());
        ModelOptions asked = onTheCpu();
        asked.quantize = "none";
        assertEquals(Quantization.NONE, asked.load(true, made).quantization());
        assertEquals(Quantization.NONE, onTheCpu().load(true).quantization());
    }

    @Test
    void anUnknownFormIsRefusedWithTheKnownOnes() {
        ModelOptions options = onTheCpu();
        options.quantize = "int4";
        ArgumentException e = assertThrows(ArgumentException.class, () -> options.load(true));
        assertTrue(String.valueOf(e.getMessage()).contains("fp8"), e.getMessage());
    }
}
