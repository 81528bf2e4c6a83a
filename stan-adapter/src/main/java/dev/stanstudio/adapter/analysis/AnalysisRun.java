package dev.stanstudio.adapter.analysis;

import dev.stanstudio.adapter.analysis.FeatureAnalysis.Settings;
import dev.stanstudio.adapter.project.LoadedAdapters;
import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.sd3.text.PromptEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * A whole analysis: reads the features of an adapter over pictures and writes what they do as
 * {@code analysis.json}, {@code features.csv}, figures and a sheet of pictures.
 *
 * @param model the base model
 * @param adapter the adapter at the weight it is analysed at
 * @param layers which of its modules
 * @param settings unit, noise levels and styles
 * @param pictures what is shown to it
 * @param shown features on the sheet
 * @param maps whether to keep where each feature is active in its strongest pictures
 */
public record AnalysisRun(
        Sd3Model model,
        LoadedAdapters.Weighted adapter,
        List<String> layers,
        Settings settings,
        List<ReadPicture> pictures,
        int shown,
        boolean maps) {
    /** Keeps copies; refuses to run on nothing. */
    public AnalysisRun {
        layers = List.copyOf(layers);
        pictures = List.copyOf(pictures);
        if (layers.isEmpty() || pictures.isEmpty()) {
            throw new UserException("an analysis needs at least one layer and one picture");
        }
    }

    /**
     * Runs it and writes into {@code folder}.
     *
     * @param side of the squares that pictures are cut to, in pixels
     * @param progress receives the number of finished pictures
     */
    public FeatureAnalysis run(
            Path folder, int side, PromptEncoder.Reading reading, IntConsumer progress) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UserException("cannot make " + folder + ": " + e.getMessage(), e);
        }
        try (ReadExamples examples = new ReadExamples(model, pictures, side, reading);
                FeatureReader probe = FeatureAnalysis.probe(model, adapter, layers, settings)) {
            model.prompts().evict();
            FeatureAnalysis analysis = analyse(probe, examples, progress);
            if (maps) {
                FeatureMaps.write(folder, analysis, probe, examples, pictures);
            }
            AnalysisFiles files = new AnalysisFiles(analysis, folder);
            files.writeCsv();
            files.writeFigures(FeatureAnalysis.isLowRank(adapter.source(), layers));
            List<FeatureAnalysis.Specific> specific = analysis.mostSpecific(shown);
            if (!specific.isEmpty()) {
                new FeatureSheet(analysis, specific, pictures)
                        .write(folder.resolve("features.png"), probe, examples);
            }
            // Last, since it says that the analysis is whole.
            files.writeJson(pictures);
            return analysis;
        }
    }

    private FeatureAnalysis analyse(
            FeatureReader probe, ReadExamples examples, IntConsumer progress) {
        return FeatureAnalysis.of(
                probe, adapter.source(), model.name(), settings, pictures, examples, progress);
    }
}
