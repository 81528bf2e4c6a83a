package dev.stanstudio.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.testing.Goldens;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Seeded noise against PyTorch's CPU generator: pictures depend on it number by number. */
class RandomGoldensTest {
    /** Other processors round the last bit of a logarithm otherwise. */
    private static final Map<DType, Double> TOLERANCE =
            Map.of(DType.FP32, 1e-6, DType.FP16, 0x1p-8, DType.BF16, 0x1p-5);

    private static final Pattern DRAW = Pattern.compile("seed(\\d+)\\.[\\dx]+\\.(\\w+)");
    private static final Pattern SEQUENCE = Pattern.compile("sequence(\\d+)\\.(\\d+)");

    static List<Path> sets() {
        return Goldens.sets();
    }

    @ParameterizedTest
    @MethodSource("sets")
    void aDrawFromAFreshGenerator(Path set) {
        Map<DType, Double> worst = new LinkedHashMap<>();
        try (Goldens.File golden = new Goldens.File(set.resolve("noise.safetensors"));
                Scope scope = Scope.open("test")) {
            for (String name : golden.names()) {
                Matcher draw = DRAW.matcher(name);
                if (draw.matches()) {
                    RandomSource source = RandomSource.seeded(scope, Long.parseLong(draw.group(1)));
                    DType dtype = DType.byLabel(draw.group(2)).orElseThrow();
                    Tensor theirs = golden.tensor(name);
                    Tensor ours = source.normal(scope, theirs.shape(), dtype);
                    worst.merge(dtype, Goldens.difference(ours, theirs), Math::max);
                }
            }
        }
        System.out.println("noise, worst difference " + worst);
        assertEquals(TOLERANCE.keySet(), worst.keySet());
        worst.forEach((dtype, error) -> assertTrue(error <= TOLERANCE.get(dtype), dtype::label));
    }

    @ParameterizedTest
    @MethodSource("sets")
    void consecutiveDrawsContinueOneSequence(Path set) {
        try (Goldens.File golden = new Goldens.File(set.resolve("noise.safetensors"));
                Scope scope = Scope.open("test")) {
            Map<Integer, Tensor> draws = new TreeMap<>();
            long seed = 0;
            for (String name : golden.names()) {
                Matcher draw = SEQUENCE.matcher(name);
                if (draw.matches()) {
                    seed = Long.parseLong(draw.group(1));
                    draws.put(Integer.valueOf(draw.group(2)), golden.tensor(name));
                }
            }
            assertFalse(draws.isEmpty(), "no sequence in " + set);
            RandomSource source = RandomSource.seeded(scope, seed);
            for (Tensor theirs : draws.values()) {
                Tensor ours = source.normal(scope, theirs.shape(), DType.FP32);
                assertTrue(Goldens.difference(ours, theirs) <= TOLERANCE.get(DType.FP32));
            }
        }
    }
}
