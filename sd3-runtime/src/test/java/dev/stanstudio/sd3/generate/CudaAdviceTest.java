package dev.stanstudio.sd3.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CudaAdviceTest {
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "true,  550.54.15, 1, true,  -,        true,  -",
                "false, -,         0, false, -,        false, -",
                "false, -,         0, true,  /torch,   false, no NVIDIA driver",
                "false, -,         0, false, -,        true,  no NVIDIA driver",
                "true,  470.82.1,  0, true,  -,        true,  470.82.1",
                "true,  525.60.12, 0, false, -,        false, 525.60.13 or newer",
                "true,  525.60.13, 0, false, -,        false, studio setup cuda",
                "true,  -,         0, false, -,        false, studio setup cuda",
                "true,  550.54,    0, true,  -,        true,  nvidia-smi",
                "true,  550.54,    0, false, /cpu/lib, false, names a libtorch for processors"
            })
    void eachMixtureHasItsAdvice(
            boolean driver,
            @Nullable String version,
            int cards,
            boolean build,
            @Nullable String named,
            boolean installed,
            @Nullable String expected) {
        String text =
                new CudaAdvice(driver, version, cards, build, named, installed).text().orElse("");
        if (expected == null) {
            assertEquals("", text);
        } else {
            assertTrue(text.contains(expected), text);
        }
    }
}
