package dev.stanstudio.adapter.analysis;

import dev.stanstudio.adapter.analysis.FeatureAnalysis.Settings;
import dev.stanstudio.adapter.project.LoadedAdapters;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.Sha256;
import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.model.Sd3Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * A whole analysis: reads the features of an adapter over pictures and writes what they do as
 * {@code analysis.json}, {@code features.csv}, figures and a sheet of pictures.
 *
 * @param model the base model, which this closes where pictures are generated
 * @param adapter the adapter at the weight it is analysed at
 * @param layers which of its modules
 * @param settings unit and activation
 * @param pictures what is shown to it, and how
 * @param shown features on the sheet
 * @param maps whether to keep where each feature is active in its strongest pictures
 */
record AnalysisRun(
        Sd3Model model,
        LoadedAdapters.Weighted adapter,
        List<String> layers,
        Settings settings,
        PictureSource pictures,
        int shown,
        boolean maps) {
    /** Keeps a copy; refuses to run on nothing. */
    AnalysisRun {
        layers = List.copyOf(layers);
        if (layers.isEmpty() || pictures.choice().pictures().isEmpty()) {
            throw new UserException("an analysis needs at least one layer and one picture");
        }
    }

    /**
     * Runs it and writes into {@code folder}.
     *
     * @param progress receives the number of finished pictures
     */
    FeatureAnalysis run(Path folder, IntConsumer progress) {
        boolean generated = pictures.way() == ReadWay.GENERATION;
        List<ReadPicture> each = pictures.choice().pictures();
        folders(folder, each, generated);
        try (FeatureReader reader = FeatureAnalysis.reader(model, adapter, layers, settings);
                ShownPictures passed = pictures.open(model, adapter, reader)) {
            FeatureCounts counts =
                    new FeatureCounts(
                            reader,
                            adapter.source(),
                            settings.unit(),
                            pictures.choice().styles().size(),
                            folder,
                            identity());
            counts.count(passed, each, generated, progress);
            FeatureAnalysis analysis =
                    FeatureAnalysis.of(reader, adapter.source(), model, settings, pictures, counts);
            if (maps) {
                FeatureMaps.write(folder, analysis, reader, passed, each);
            }
            AnalysisFiles files = new AnalysisFiles(analysis, folder);
            files.writeCsv();
            files.writeFigures(FeatureAnalysis.isLowRank(adapter.source(), layers), pictures.way());
            List<FeatureAnalysis.Specific> specific = analysis.mostSpecific(shown);
            if (!specific.isEmpty()) {
                new FeatureSheet(analysis, specific, each)
                        .write(folder.resolve("features.png"), reader, passed);
            }
            // Last, since it says that the analysis is whole.
            files.writeJson(each);
            counts.forget();
            return analysis;
        }
    }

    private static void folders(Path folder, List<ReadPicture> pictures, boolean generated) {
        try {
            Files.createDirectories(folder);
            Path parent = pictures.get(0).file().toAbsolutePath().getParent();
            if (generated && parent != null) {
                Files.createDirectories(parent);
            }
        } catch (IOException e) {
            throw new UserException("cannot make " + folder + ": " + AtomicFile.reason(e), e);
        }
    }

    /** Everything that the sums over pictures depend on, as one hash. */
    private String identity() {
        StringBuilder text = new StringBuilder();
        text.append(adapter.source().sha256()).append(adapter.weight()).append(layers);
        text.append(model.fingerprint()).append(model.options().dtype()).append(settings);
        text.append(pictures.way()).append(pictures.settings());
        text.append(pictures.choice().pictures());
        return Sha256.of(text.toString());
    }
}
