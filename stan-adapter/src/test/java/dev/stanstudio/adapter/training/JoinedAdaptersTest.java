package dev.stanstudio.adapter.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.adapter.file.AdapterFile;
import dev.stanstudio.adapter.kind.AdapterKind;
import dev.stanstudio.adapter.kind.Lora;
import dev.stanstudio.adapter.kind.SparseMask;
import dev.stanstudio.adapter.kind.Stan;
import dev.stanstudio.adapter.kind.TargetSelection;
import dev.stanstudio.adapter.merge.MergeMethod;
import dev.stanstudio.adapter.merge.MergedAdapter;
import dev.stanstudio.adapter.training.AdapterMatrix.Tiny;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.Scope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several adapters in one file do what they do when each is applied. */
class JoinedAdaptersTest {
    private static final double TOLERANCE = 1e-5;
    private static final MergeMethod MEAN = new MergeMethod(MergeMethod.Rule.MEAN, 1, 1);

    private static Tiny tiny;

    @TempDir private Path folder;
    private int made;

    @BeforeAll
    static void open() {
        tiny = new Tiny();
    }

    @AfterAll
    static void close() {
        tiny.close();
    }

    private Path adapter(AdapterKind kind, TargetSelection selection) {
        try (Scope scope = Scope.open("values")) {
            made++;
            return tiny.write(
                    folder.resolve("adapter" + made),
                    kind,
                    selection,
                    tiny.values(scope, kind, selection, made, 0.05));
        }
    }

    private Path adapter(AdapterKind kind) {
        return adapter(kind, TargetSelection.DEFAULT);
    }

    private Path join(
            List<Path> paths, MergeMethod method, @Nullable Integer rank, double... weights) {
        List<AdapterFile> files = new ArrayList<>();
        try {
            paths.forEach(path -> files.add(AdapterFile.open(path)));
            made++;
            Path out = folder.resolve("joined" + made);
            List<Double> boxed = DoubleStream.of(weights).boxed().toList();
            new MergedAdapter(files, boxed, method).write(out, rank);
            return out;
        } finally {
            files.forEach(AdapterFile::close);
        }
    }

    private static double error(float[] wanted, float[] ours) {
        double worst = 0;
        for (int i = 0; i < wanted.length; i++) {
            worst = Math.max(worst, Math.abs(wanted[i] - ours[i]));
        }
        return worst;
    }

    private static void assertSame(String what, float[] wanted, float[] ours) {
        double worst = error(wanted, ours);
        System.out.printf(
                Locale.ROOT, "%-30s worst error %.2e (tolerance %.0e)%n", what, worst, TOLERANCE);
        assertTrue(worst <= TOLERANCE, what + " differs by " + worst);
    }

    @ParameterizedTest
    @ValueSource(strings = {"stan", "stan-magnitude", "stan-relu", "stan-scale-1", "stan-tied"})
    void stansKeepTheirFeaturesEach(String name) {
        AdapterKind kind = AdapterMatrix.kinds().get(name);
        List<Path> each = List.of(adapter(kind), adapter(kind));
        Path joined = join(each, MergeMethod.SUM, null, 0.8, 0.5);
        try (AdapterFile file = AdapterFile.open(joined)) {
            Stan whole = (Stan) file.record().orElseThrow().kind();
            assertEquals(2, whole.groups());
            assertEquals(((Stan) kind).k(), whole.k());
        }
        float[] both = tiny.answer(each, 0.8, 0.5);
        assertTrue(error(tiny.base(), both) > 100 * TOLERANCE);
        assertSame(name, both, tiny.answer(List.of(joined), 1));
        Path third = adapter(kind);
        Path again = join(List.of(joined, third), MergeMethod.SUM, null, 1, 0.25);
        List<Path> three = List.of(each.get(0), each.get(1), third);
        assertSame(
                name + " and a third",
                tiny.answer(three, 0.8, 0.5, 0.25),
                tiny.answer(List.of(again), 1));
    }

    @Test
    void stansOfDifferentSizesAreRefusedWithTheReason() {
        Path one = adapter(Stan.of(32, 6));
        for (Path other :
                List.of(
                        adapter(Stan.of(32, 5)),
                        adapter(Stan.of(16, 6)),
                        adapter(AdapterMatrix.kinds().get("stan-magnitude")),
                        adapter(Stan.of(32, 6), AdapterMatrix.LAST))) {
            UserException refused =
                    assertThrows(
                            UserException.class,
                            () -> join(List.of(one, other), MergeMethod.SUM, null, 1, 1));
            assertTrue(refused.getMessage().contains("give each to --adapter"));
        }
        assertThrows(ArgumentException.class, () -> join(List.of(one, one), MEAN, null, 1, 1));
        Path tied = adapter(AdapterMatrix.kinds().get("stan-tied"));
        assertThrows(
                UserException.class, () -> join(List.of(tied, tied), MergeMethod.SUM, null, 1, -1));
        UserException mixed =
                assertThrows(
                        UserException.class,
                        () ->
                                join(
                                        List.of(one, adapter(Lora.of(2, 2))),
                                        MergeMethod.SUM,
                                        null,
                                        1,
                                        1));
        assertTrue(mixed.getMessage().contains("depends on the input"), mixed::getMessage);
        assertFalse(Files.exists(folder.resolve("joined" + made)));
    }

    /** Of different ranks, scales, modules and gates. */
    @Test
    void lowRanksLieBesideEachOther() {
        List<Path> each =
                List.of(
                        adapter(AdapterMatrix.kinds().get("lora-rslora-patterns")),
                        adapter(Lora.of(3, 6), AdapterMatrix.LAST),
                        adapter(AdapterMatrix.kinds().get("adalora")),
                        adapter(AdapterMatrix.kinds().get("sora")));
        double[] weights = {0.8, -0.5, 0.3, 1};
        Path joined = join(each, MergeMethod.SUM, null, weights);
        assertSame("low ranks", tiny.answer(each, weights), tiny.answer(List.of(joined), 1));
    }

    /** The sum of ranks 2 and 3 has rank 5: with 5 nothing is lost, with fewer ever more is. */
    @Test
    void singularValuesKeepWhatMattersMost() {
        List<Path> each = List.of(adapter(Lora.of(2, 2)), adapter(Lora.of(3, 3)));
        float[] both = tiny.answer(each, 1, 0.5);
        Path whole = join(each, MergeMethod.SUM, 5, 1, 0.5);
        assertSame("rank 5 of 5", both, tiny.answer(List.of(whole), 1));
        double before = 0;
        for (int rank : new int[] {4, 2}) {
            Path fewer = join(each, MergeMethod.SUM, rank, 1, 0.5);
            double lost = error(both, tiny.answer(List.of(fewer), 1));
            assertTrue(lost > before, rank + " loses " + lost);
            before = lost;
        }
        assertTrue(before < error(both, tiny.base()));
        assertThrows(ArgumentException.class, () -> join(each, MergeMethod.SUM, 0, 1, 1));
        assertThrows(ArgumentException.class, () -> join(each, MEAN, null, 1, 1));
    }

    @Test
    void sparseMasksStaySparse() {
        SparseMask kind = new SparseMask(340, 1, true, 2);
        List<Path> each = List.of(adapter(kind), adapter(kind));
        Path joined = join(each, MEAN, null, 1, 1);
        try (AdapterFile file = AdapterFile.open(joined)) {
            SparseMask whole = (SparseMask) file.record().orElseThrow().kind();
            assertTrue(whole.keptPerThousand() < 350, whole::toString);
        }
        assertSame("sparse", tiny.answer(each, 0.5, 0.5), tiny.answer(List.of(joined), 1));
    }
}
