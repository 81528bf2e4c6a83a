package dev.stanstudio.adapter.merge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.adapter.file.LoraFile;
import dev.stanstudio.adapter.file.LoraSource;
import dev.stanstudio.adapter.project.AdapterReport;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.mmdit.Mmdit;
import dev.stanstudio.sd3.mmdit.Perturbation;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.testing.Goldens;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The transformer with merged adapters against the reference's answers with loaded ones. */
class MergedGoldensTest {
    private static final Placement FP32 = new Placement(Device.CPU, DType.FP32);

    /** The files state no error of their own. */
    private static final double TOLERANCE = 2e-5;

    @ParameterizedTest
    @CsvSource({
        "none,",
        "diffusers, diffusers=1",
        "diffusers.weight_0.7, diffusers=0.7",
        "diffusers-alpha, diffusers-alpha=1",
        "peft, peft=1",
        "kohya, kohya.safetensors=1",
        "mixed_a0.5_b-0.8, diffusers=0.5 diffusers-alpha=-0.8"
    })
    void answers(String which, String adapters) {
        List<LoraFile> files = new ArrayList<>();
        try (Goldens.File golden = new Goldens.File("lora/expected.safetensors");
                ModelSource source = ModelSource.open(Goldens.path("tiny-sd3"), null, null)) {
            List<Expert> weighted = new ArrayList<>();
            for (String adapter : adapters == null ? new String[0] : adapters.split(" ")) {
                String[] parts = adapter.split("=");
                files.add(LoraFile.open(Goldens.path("lora/" + parts[0])));
                weighted.add(
                        new Expert(
                                LoraSource.of(files.get(files.size() - 1)),
                                Double.parseDouble(parts[1])));
            }
            check(golden, source, which, weighted);
        } finally {
            files.forEach(LoraFile::close);
        }
    }

    private static void check(
            Goldens.File golden, ModelSource source, String which, List<Expert> weighted) {
        MergedWeights merged =
                MergedWeights.of(source.transformerConfig(), source.transformer(), weighted);
        for (AdapterReport report : merged.reports()) {
            assertEquals(report.total(), report.matched().size(), report::toString);
        }
        try (Mmdit mmdit = Mmdit.load(source.transformerConfig(), merged, FP32, false);
                Scope scope = Scope.open("test")) {
            Tensor sample = forward(scope, mmdit, golden);
            Goldens.compare("lora " + which, sample, golden.tensor("sample." + which), TOLERANCE);
            if (!weighted.isEmpty()) {
                double moved = Goldens.difference(sample, golden.tensor("sample.none"));
                System.out.printf(Locale.ROOT, "%-48s moves the answer by %.2e%n", which, moved);
                assertTrue(moved > 1000 * TOLERANCE, "the adapter does nothing");
            }
        }
    }

    private static Tensor forward(Scope scope, Mmdit mmdit, Goldens.File golden) {
        Mmdit.Conditioning text =
                mmdit.condition(
                        scope,
                        golden.tensor("encoder_hidden_states"),
                        golden.tensor("pooled_projections"),
                        1);
        float[] t = golden.tensor("timestep").toFloats();
        return mmdit.forward(
                scope,
                golden.tensor("hidden_states"),
                new double[] {t[0], t[1]},
                text,
                Perturbation.NONE,
                i -> {});
    }
}
