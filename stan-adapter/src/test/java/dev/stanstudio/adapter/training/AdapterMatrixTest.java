package dev.stanstudio.adapter.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.adapter.file.AdapterFile;
import dev.stanstudio.adapter.kind.AdapterKind;
import dev.stanstudio.adapter.kind.BlockSet;
import dev.stanstudio.adapter.kind.SparseMask;
import dev.stanstudio.adapter.kind.TargetSelection;
import dev.stanstudio.adapter.merge.Expert;
import dev.stanstudio.adapter.merge.MergedWeights;
import dev.stanstudio.adapter.training.AdapterMatrix.Tiny;
import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.sd3.pipeline.BlockWeights;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Properties of adapters of every kind. */
class AdapterMatrixTest {
    private static final double TOLERANCE = 2e-5;

    /** Small enough that the network does not amplify rounding. */
    private static final double SIZE = 0.05;

    /** Modules of all blocks, and one outside of them. */
    private static final TargetSelection EVERYWHERE =
            new TargetSelection(List.of("attn", "proj_out"), BlockSet.ALL);

    private static Tiny tiny;
    private static float[] base;

    @TempDir private Path folder;

    static Set<String> kinds() {
        return AdapterMatrix.kinds().keySet();
    }

    @BeforeAll
    static void open() {
        tiny = new Tiny();
        base = tiny.base();
    }

    @AfterAll
    static void close() {
        tiny.close();
    }

    private static AdapterKind kind(String name) {
        return AdapterMatrix.kinds().get(name);
    }

    private Path random(String name, String file, TargetSelection selection, long seed) {
        try (Scope scope = Scope.open("values")) {
            AdapterKind kind = kind(name);
            return tiny.write(
                    folder.resolve(file),
                    kind,
                    selection,
                    tiny.values(scope, kind, selection, seed, SIZE));
        }
    }

    private Path random(String name, String file) {
        return random(name, file, TargetSelection.DEFAULT, 1);
    }

    private static void assertClose(String what, float[] wanted, float[] ours) {
        double worst = 0;
        double size = 0;
        for (int i = 0; i < wanted.length; i++) {
            worst = Math.max(worst, Math.abs(wanted[i] - ours[i]));
            size = Math.max(size, Math.abs(wanted[i]));
        }
        System.out.printf(Locale.ROOT, "%-40s worst error %.2e of %.2e%n", what, worst, size);
        assertTrue(worst <= TOLERANCE * Math.max(1, size), what + " differs by " + worst);
    }

    private static Map<String, float[]> floats(Map<String, Tensor> tensors) {
        Map<String, float[]> all = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> all.put(name, tensor.toFloats()));
        return all;
    }

    private static void assertSame(Map<String, float[]> wanted, Map<String, float[]> ours) {
        assertEquals(wanted.keySet(), ours.keySet());
        wanted.forEach((name, values) -> assertArrayEquals(values, ours.get(name), name));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void anAdapterOfZerosIsTheBaseToTheBit(String name) {
        AdapterKind kind = kind(name);
        try (Scope scope = Scope.open("zeros")) {
            Path zeros =
                    tiny.write(
                            folder.resolve("zeros"),
                            kind,
                            TargetSelection.DEFAULT,
                            tiny.values(scope, kind, TargetSelection.DEFAULT, 1, 0));
            assertArrayEquals(base, tiny.answer(List.of(zeros), 1));
        }
        try (AdapterParameters fresh = tiny.fresh(kind, 3)) {
            boolean same = Arrays.equals(base, tiny.answer(fresh.adapters()));
            assertEquals(AdapterMatrix.beginsAtZero(kind), same);
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void weightZeroIsTheBaseAndTheBaseComesBack(String name) {
        Path one = random(name, "one");
        assertFalse(Arrays.equals(base, tiny.answer(List.of(one), 1)));
        assertArrayEquals(base, tiny.answer(List.of(one), 0));
        assertArrayEquals(base, tiny.base());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void weightsOfAllBlocksAreTheAdaptersWeightToTheBit(String name) {
        Path one = random(name, "one", EVERYWHERE, 1);
        float[] weighed = tiny.answer(List.of(one), 0.7);
        assertArrayEquals(weighed, tiny.answer(one, BlockWeights.parse("*:0.7,outside:0.7")));
        assertArrayEquals(base, tiny.answer(one, BlockWeights.parse("*:0,outside:0")));
        assertFalse(Arrays.equals(weighed, tiny.answer(one, BlockWeights.parse("*:0.7"))));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void oneBlockAloneIsAnAdapterWithoutTheOtherModulesToTheBit(String name) {
        Path whole = random(name, "whole", EVERYWHERE, 1);
        TargetSelection first = new TargetSelection(List.of("attn"), BlockSet.parse("0"));
        Path part;
        try (Scope scope = Scope.open("values")) {
            Map<String, Tensor> values = tiny.values(scope, kind(name), EVERYWHERE, 1, SIZE);
            values.keySet().removeIf(key -> !key.startsWith("transformer_blocks.0."));
            part = tiny.write(folder.resolve("part"), kind(name), first, values);
        }
        float[] alone = tiny.answer(List.of(part), 1);
        assertArrayEquals(alone, tiny.answer(whole, BlockWeights.parse("0")));
        assertArrayEquals(alone, tiny.answer(whole, BlockWeights.parse("0:1,*:0,outside:0")));
        assertFalse(Arrays.equals(alone, tiny.answer(List.of(whole), 1)));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void trainingChangesTheAdapterAlone(String name) {
        try (AdapterParameters adapter = tiny.fresh(kind(name), 3)) {
            Map<String, float[]> before = floats(adapter.parameters().byName());
            tiny.train(adapter);
            Map<String, float[]> after = floats(adapter.parameters().byName());
            assertEquals(before.keySet(), after.keySet());
            assertFalse(
                    before.keySet().stream()
                            .allMatch(key -> Arrays.equals(before.get(key), after.get(key))));
            assertFalse(Arrays.equals(base, tiny.answer(adapter.adapters())));
        }
        assertArrayEquals(base, tiny.base());
        assertArrayEquals(base, tiny.answer(tiny.weights));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void equalSeedsGiveEqualRuns(String name) {
        Map<String, float[]> first;
        try (AdapterParameters adapter = tiny.fresh(kind(name), 3)) {
            tiny.train(adapter);
            first = floats(adapter.parameters().byName());
        }
        try (AdapterParameters adapter = tiny.fresh(kind(name), 3)) {
            tiny.train(adapter);
            assertSame(first, floats(adapter.parameters().byName()));
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void whatIsSavedAndLoadedIsTheSame(String name) {
        AdapterKind kind = kind(name);
        try (AdapterParameters adapter = tiny.fresh(kind, 3)) {
            tiny.train(adapter);
            Map<String, Tensor> values = new LinkedHashMap<>(adapter.parameters().byName());
            if (kind instanceof SparseMask) {
                values.putAll(adapter.states());
            }
            Path saved = tiny.write(folder.resolve("saved"), kind, TargetSelection.DEFAULT, values);
            float[] loaded = tiny.answer(List.of(saved), 1);
            assertClose(name + " trained and loaded", tiny.answer(adapter.adapters()), loaded);
            assertArrayEquals(loaded, tiny.answer(List.of(saved), 1));
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void mergedIsUnmergedOrRefusedWithTheReason(String name) {
        Path one = random(name, "one");
        try (AdapterFile file = AdapterFile.open(one)) {
            List<Expert> experts = List.of(new Expert(file, -0.7));
            if (!AdapterMatrix.mergeable(kind(name))) {
                UserException refused =
                        assertThrows(
                                UserException.class,
                                () ->
                                        MergedWeights.of(
                                                tiny.source.transformerConfig(),
                                                tiny.weights,
                                                experts));
                assertTrue(refused.getMessage().contains("depends on the input"));
                return;
            }
            MergedWeights merged =
                    MergedWeights.of(tiny.source.transformerConfig(), tiny.weights, experts);
            float[] answer = tiny.answer(merged);
            assertFalse(Arrays.equals(base, answer));
            assertClose(name + " merged", tiny.answer(List.of(one), -0.7), answer);
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void twoAdaptersDoTheSumOfWhatEachDoes(String name) {
        Path one = random(name, "one", AdapterMatrix.LAST, 1);
        Path two = random("lora", "two", AdapterMatrix.LAST, 2);
        float[] first = tiny.answer(List.of(one), 0.8);
        float[] second = tiny.answer(List.of(two), -0.5);
        float[] sum = new float[base.length];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = first[i] + second[i] - base[i];
        }
        assertClose(name + " and lora", sum, tiny.answer(List.of(one, two), 0.8, -0.5));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aLoadThatFailsChangesNothing(String name) {
        Path one = random(name, "one");
        float[] good = tiny.answer(List.of(one), 1);
        Path broken = folder.resolve("broken");
        try (Scope scope = Scope.open("broken")) {
            AdapterKind kind = kind(name);
            Map<String, Tensor> values =
                    tiny.values(scope, kind, TargetSelection.DEFAULT, 1, Double.NaN);
            tiny.write(broken, kind, TargetSelection.DEFAULT, values);
        } catch (UserException e) {
            // A change by single weights is packed when it is written, and refused there already.
            assertTrue(e.getMessage().contains("would hold NaN"), e::getMessage);
            assertFalse(Files.exists(broken));
            return;
        }
        UserException refused =
                assertThrows(
                        UserException.class, () -> tiny.load(List.of(one, broken), 1, 1).close());
        assertTrue(refused.getMessage().contains("not finite"), refused::getMessage);
        assertArrayEquals(base, tiny.base());
        assertArrayEquals(good, tiny.answer(List.of(one), 1));
    }
}
