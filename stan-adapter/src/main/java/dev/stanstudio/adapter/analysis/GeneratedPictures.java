package dev.stanstudio.adapter.analysis;

import dev.stanstudio.adapter.project.GivenAdapters;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.TensorList;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.metadata.Provenance;
import dev.stanstudio.sd3.mmdit.MmditSlot;
import dev.stanstudio.sd3.pipeline.GeneratedPicture;
import dev.stanstudio.sd3.pipeline.GenerationListener;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.pipeline.PromptTexts;
import dev.stanstudio.sd3.pipeline.Sd3Pipeline;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Generates each picture from its prompt and records in every call of the network on the way from
 * noise to picture. Of the batch of classifier-free guidance the row with the prompt is read and
 * the row with the negative prompt is not.
 */
final class GeneratedPictures implements ShownPictures {
    private final Sd3Pipeline pipeline;
    private final GivenAdapters loader;
    private final FeatureReader reader;
    private final GenerationRequest settings;
    private final List<ReadPicture> pictures;

    /**
     * Generates with {@code pipeline}, which this then owns.
     *
     * @param loader the pipeline's
     * @param settings everything but prompt and seed
     * @param pictures prompts as captions, seeds as numbers, and where the pictures are written
     */
    GeneratedPictures(
            Sd3Pipeline pipeline,
            GivenAdapters loader,
            FeatureReader reader,
            GenerationRequest settings,
            List<ReadPicture> pictures) {
        this.pipeline = pipeline;
        this.loader = loader;
        this.reader = reader;
        this.settings = settings;
        this.pictures = List.copyOf(pictures);
    }

    @Override
    public void show(int number, Numbers numbers, Sink sink) {
        ReadPicture wanted = pictures.get(number);
        Recording recording = new Recording(numbers);
        GenerationRequest request =
                settings.toBuilder()
                        .prompt(PromptTexts.of(wanted.caption()))
                        .seeds(List.of(wanted.number()))
                        .build();
        loader.onBlock(block -> reader.visit(block, recording::note));
        GeneratedPicture made =
                pipeline.generate(
                                request,
                                new GenerationListener() {
                                    @Override
                                    public void onStep(Step step) {
                                        reader.visit(MmditSlot.OUTSIDE, recording::note);
                                    }
                                })
                        .get(0);
        Provenance.of(pipeline.model(), made.request()).write(wanted.file(), made);
        recording.passTo(sink);
    }

    /** Collects the numbers of one picture, pass by pass. */
    private static final class Recording {
        private final Numbers numbers;
        private final Map<String, List<float[]>> passes = new LinkedHashMap<>();
        private final Map<String, Long> tokens = new LinkedHashMap<>();

        Recording(Numbers numbers) {
            this.numbers = numbers;
        }

        void note(Scope local, String layer, TensorList recorded) {
            // Layers that read the prompt alone run once, before the first step.
            if (recorded.size() == 0 || !numbers.reads(layer)) {
                return;
            }
            TensorList prompt = Tensors.list(local, List.of(promptRow(local, recorded)));
            tokens.put(layer, FeatureReader.tokens(prompt));
            passes.computeIfAbsent(layer, name -> new ArrayList<>())
                    .add(numbers.of(local, layer, prompt));
        }

        void passTo(Sink sink) {
            passes.forEach((layer, all) -> sink.take(layer, tokens.getOrDefault(layer, 0L), all));
        }
    }

    /**
     * The features under the prompt [1, T, l]: the last row of the batch, of which the first is the
     * negative prompt's under guidance. Earlier entries are passes of skip-layer guidance.
     */
    private static Tensor promptRow(Scope local, TensorList recorded) {
        Tensor all = Tensors.get(local, recorded, recorded.size() - 1);
        long rows = all.size(0);
        return Tensors.narrow(local, all, 0, rows - 1, rows);
    }

    @Override
    public void close() {
        pipeline.close();
    }
}
