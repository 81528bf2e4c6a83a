package dev.stanstudio.adapter.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.adapter.kind.Stan;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.sd3.metadata.Provenance;
import dev.stanstudio.sd3.mmdit.Adapters;
import dev.stanstudio.sd3.model.LoadOptions;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.model.Offload;
import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.sd3.pipeline.AdapterLoader;
import dev.stanstudio.sd3.pipeline.FeatureChange;
import dev.stanstudio.sd3.pipeline.GeneratedPicture;
import dev.stanstudio.sd3.pipeline.GenerationListener;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.pipeline.Requests;
import dev.stanstudio.sd3.pipeline.Sd3Pipeline;
import dev.stanstudio.sd3.pipeline.WeightedAdapter;
import dev.stanstudio.testing.Goldens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole pictures with adapters, from their files to the record in the PNG. */
class GenerateWithAdaptersTest {
    @TempDir private Path folder;

    private static Sd3Pipeline open(DType dtype) {
        ModelSource source = ModelSource.open(Goldens.own("tiny-3.0"), null, null);
        return new Sd3Pipeline(
                Sd3Model.load(source, new LoadOptions(Device.CPU, dtype, Offload.NONE, true)));
    }

    private static GenerationRequest request(WeightedAdapter... uses) {
        return Requests.small("gulls", 2, 5L).withAdapters(List.of(uses));
    }

    private static GeneratedPicture picture(Sd3Pipeline pipeline, WeightedAdapter... uses) {
        return pipeline.generate(request(uses), GenerationListener.SILENT).get(0);
    }

    private Path stan(String name, Sd3Model model, String fingerprint) {
        Samples.Base base =
                new Samples.Base(model.transformer().config(), model.name(), fingerprint);
        return Samples.adapter(
                folder.resolve(name), Stan.of(32, 6), base, name.hashCode() & 0xffff);
    }

    private static WeightedAdapter use(Path path, double weight) {
        return new WeightedAdapter(path.toString(), null, weight);
    }

    @Test
    void theirWeightsMatterAndThePictureTellsOfThem() {
        try (Sd3Pipeline pipeline = open(DType.FP32)) {
            Path one = stan("one", pipeline.model(), pipeline.model().fingerprint());
            Path two = stan("two", pipeline.model(), pipeline.model().fingerprint());
            byte[] base = picture(pipeline).picture().samples();
            assertArrayEquals(base, picture(pipeline, use(one, 0)).picture().samples());
            GeneratedPicture both = picture(pipeline, use(one, 0.75), use(two, -0.5));
            assertFalse(Arrays.equals(base, both.picture().samples()));
            assertFalse(
                    Arrays.equals(
                            both.picture().samples(),
                            picture(pipeline, use(one, 0.75)).picture().samples()));
            assertArrayEquals(base, picture(pipeline).picture().samples());

            Path file = folder.resolve("both.png");
            Provenance.of(pipeline.model(), both.request()).write(file, both);
            Provenance read = Provenance.read(file).orElseThrow();
            assertEquals(2, read.request().adapters().size());
            WeightedAdapter recorded = read.request().adapters().get(0);
            assertEquals(64, String.valueOf(recorded.sha256()).length());
            assertEquals(0.75, recorded.weight());
            assertArrayEquals(
                    both.picture().samples(),
                    pipeline.generate(read.request(), GenerationListener.SILENT)
                            .get(0)
                            .picture()
                            .samples());
        }
    }

    @Test
    void halfTypesTakeAdaptersToo() {
        for (DType dtype : new DType[] {DType.BF16, DType.FP16}) {
            try (Sd3Pipeline pipeline = open(dtype)) {
                Path one = stan("in" + dtype, pipeline.model(), pipeline.model().fingerprint());
                assertFalse(
                        Arrays.equals(
                                picture(pipeline).picture().samples(),
                                picture(pipeline, use(one, 1)).picture().samples()));
            }
        }
    }

    @Test
    void aChangedFileIsToldAndAnotherModelsIsRefused() {
        try (Sd3Pipeline pipeline = open(DType.FP32)) {
            Path one = stan("one", pipeline.model(), pipeline.model().fingerprint());
            List<String> warnings = new ArrayList<>();
            GenerationListener listener =
                    new GenerationListener() {
                        @Override
                        public void onWarning(String message) {
                            warnings.add(message);
                        }
                    };
            pipeline.generate(request(new WeightedAdapter(one.toString(), "old", 1)), listener);
            assertEquals(1, warnings.size());
            assertTrue(warnings.get(0).contains("changed"), warnings::toString);
            Path other = stan("other", pipeline.model(), "f00d");
            assertThrows(UserException.class, () -> picture(pipeline, use(other, 1)));
            Path nowhere = folder.resolve("nowhere");
            assertThrows(UserException.class, () -> picture(pipeline, use(nowhere, 1)));
        }
    }

    /** Its k stands in another file than its tensors, whose hash stays the same. */
    @Test
    void changedSettingIsToldWhereThePictureIsRepeated() throws IOException {
        try (Sd3Pipeline pipeline = open(DType.FP32)) {
            Path one = stan("one", pipeline.model(), pipeline.model().fingerprint());
            GeneratedPicture before = picture(pipeline, use(one, 1));
            WeightedAdapter recorded = before.request().adapters().get(0);
            List<String> warnings = new ArrayList<>();
            GenerationListener listener =
                    new GenerationListener() {
                        @Override
                        public void onWarning(String message) {
                            warnings.add(message);
                        }
                    };
            pipeline.generate(before.request(), listener);
            assertEquals(List.of(), warnings);
            Path config = one.resolve("adapter_config.json");
            String text = Files.readString(config);
            String changed = text.replaceFirst("\"k\"\\s*:\\s*6", "\"k\" : 3");
            assertNotEquals(text, changed);
            Files.writeString(config, changed);
            GeneratedPicture after = pipeline.generate(before.request(), listener).get(0);
            assertEquals(1, warnings.size());
            assertTrue(warnings.get(0).contains("changed"), warnings::toString);
            assertEquals(recorded.sha256(), after.request().adapters().get(0).sha256());
            // Records of earlier versions have no hash of the settings, and nothing is said.
            warnings.clear();
            WeightedAdapter older = new WeightedAdapter(one.toString(), recorded.sha256(), 1);
            pipeline.generate(request(older), listener);
            assertEquals(List.of(), warnings);
        }
    }

    /** Every tensor is closed with the loader, as the check after each test makes sure. */
    @Test
    void whatWasReadIsKeptUntilItsFilesChange() throws IOException {
        try (Sd3Pipeline pipeline = open(DType.FP32);
                PipelineAdapters loader = new PipelineAdapters()) {
            Sd3Model model = pipeline.model();
            Path one = stan("one", model, model.fingerprint());
            Adapters first = adapters(loader, model, use(one, 1));
            assertSame(first, adapters(loader, model, use(one, 1)));
            assertNotSame(first, adapters(loader, model, use(one, 0.5)));

            Path other = stan("other", model, model.fingerprint());
            for (String name : List.of("adapter_config.json", "adapter_model.safetensors")) {
                Files.move(
                        other.resolve(name),
                        one.resolve(name),
                        StandardCopyOption.REPLACE_EXISTING);
            }
            try (AdapterLoader.Loaded held =
                    loader.load(model, List.of(use(one, 1)), List.of(), w -> {})) {
                assertNotSame(first, held.adapters(1));
                for (int i = 0; i < PipelineAdapters.KEPT; i++) {
                    adapters(loader, model, use(one, 2 + i));
                }
                // Pushed out while it is used, it stays usable to its holder and is read anew.
                assertNotSame(held.adapters(1), adapters(loader, model, use(one, 1)));
                assertEquals(64, String.valueOf(held.uses().get(0).sha256()).length());
            }
        }
    }

    private static Adapters adapters(
            PipelineAdapters loader, Sd3Model model, WeightedAdapter... uses) {
        try (AdapterLoader.Loaded loaded = loader.load(model, List.of(uses), List.of(), w -> {})) {
            return loaded.adapters(1);
        }
    }

    @Test
    void aPictureIsThatOfTheFileAsItIs() throws IOException {
        try (Sd3Pipeline pipeline = open(DType.FP32)) {
            Path one = stan("one", pipeline.model(), pipeline.model().fingerprint());
            byte[] before = picture(pipeline, use(one, 1)).picture().samples();
            assertArrayEquals(before, picture(pipeline, use(one, 1)).picture().samples());
            Path other = stan("two", pipeline.model(), pipeline.model().fingerprint());
            Files.move(
                    other.resolve("adapter_model.safetensors"),
                    one.resolve("adapter_model.safetensors"),
                    StandardCopyOption.REPLACE_EXISTING);
            assertFalse(Arrays.equals(before, picture(pipeline, use(one, 1)).picture().samples()));
        }
    }

    private static GeneratedPicture steered(
            Sd3Pipeline pipeline, WeightedAdapter use, String... features) {
        GenerationRequest wanted =
                request(use)
                        .withFeatures(Arrays.stream(features).map(FeatureChange::parse).toList());
        return pipeline.generate(wanted, GenerationListener.SILENT).get(0);
    }

    @Test
    void featuresAreSteeredByLayerAndStepAndRecorded() {
        try (Sd3Pipeline pipeline = open(DType.FP32)) {
            WeightedAdapter one =
                    use(stan("one", pipeline.model(), pipeline.model().fingerprint()), 1);
            byte[] base = picture(pipeline).picture().samples();
            byte[] plain = picture(pipeline, one).picture().samples();
            assertArrayEquals(plain, steered(pipeline, one, "attn:*=x1").picture().samples());
            assertArrayEquals(base, steered(pipeline, one, "attn:*=0").picture().samples());
            assertArrayEquals(
                    base, steered(pipeline, one, "attn:*=0@1", "attn:*=0@2").picture().samples());
            byte[] half = steered(pipeline, one, "attn:*=0@2-").picture().samples();
            assertFalse(Arrays.equals(base, half));
            assertFalse(Arrays.equals(plain, half));

            GeneratedPicture added = steered(pipeline, one, "0.attn.to_v:3=+40@1-1");
            assertFalse(Arrays.equals(plain, added.picture().samples()));
            Path file = folder.resolve("added.png");
            Provenance.of(pipeline.model(), added.request()).write(file, added);
            GenerationRequest read = Provenance.read(file).orElseThrow().request();
            assertEquals(added.request(), read);
            assertArrayEquals(
                    added.picture().samples(),
                    pipeline.generate(read, GenerationListener.SILENT).get(0).picture().samples());
        }
    }

    @Test
    void whatCannotBeSteeredIsRefused() {
        try (Sd3Pipeline pipeline = open(DType.FP32)) {
            WeightedAdapter one =
                    use(stan("one", pipeline.model(), pipeline.model().fingerprint()), 1);
            refused(pipeline, one, "attn.to_q:32=0", "features 0 … 31");
            refused(pipeline, one, "attn.to_w:0=0", "nearest are");
            refused(pipeline, one, "attn.to_q:0=0@3-", "acts in none of 2 steps");
            assertThrows(
                    ArgumentException.class,
                    () -> request().withFeatures(List.of(FeatureChange.parse("attn:0=0"))));
        }
    }

    private static void refused(
            Sd3Pipeline pipeline, WeightedAdapter use, String feature, String reason) {
        ArgumentException thrown =
                assertThrows(ArgumentException.class, () -> steered(pipeline, use, feature));
        assertTrue(thrown.getMessage().contains(reason), thrown::getMessage);
    }
}
