package dev.stanstudio.adapter.analysis;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.adapter.analysis.FeatureScatter.Bounds;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.CsvText;
import dev.stanstudio.base.Json;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** Writes an analysis: JSON, CSV and the figures. */
final class AnalysisFiles {
    private static final int PANELS = 12;

    private final FeatureAnalysis analysis;
    private final Path folder;

    AnalysisFiles(FeatureAnalysis analysis, Path folder) {
        this.analysis = analysis;
        this.folder = folder;
    }

    /** {@code analysis.json}: everything, with the files of the pictures it numbers. */
    void writeJson(List<ReadPicture> pictures) {
        JsonMapper json = Json.PLAIN;
        ObjectNode root = json.valueToTree(analysis);
        ArrayNode files = root.putArray("files");
        for (ReadPicture picture : pictures) {
            files.addObject()
                    .put("file", picture.file().toString())
                    .put("style", analysis.styles().get(picture.style()));
        }
        AtomicFile.write(
                folder.resolve(FeatureAnalysis.FILE),
                out -> out.write(json.writerWithDefaultPrettyPrinter().writeValueAsBytes(root)));
    }

    /** {@code features.csv}: a line for each feature. */
    void writeCsv() {
        List<String> header =
                new ArrayList<>(
                        List.of(
                                "layer",
                                "stream",
                                "feature",
                                "frequency",
                                "mean_activation",
                                "label_entropy",
                                "pictures",
                                "dead",
                                "main_style",
                                "nearest",
                                "cosine"));
        analysis.styles().forEach(style -> header.add("share:" + style));
        CSVFormat format =
                CSVFormat.RFC4180.builder().setHeader(header.toArray(new String[0])).get();
        AtomicFile.write(
                folder.resolve("features.csv"),
                out -> {
                    CSVPrinter csv =
                            new CSVPrinter(
                                    new OutputStreamWriter(out, StandardCharsets.UTF_8), format);
                    for (LayerStatistics layer : analysis.layers()) {
                        for (FeatureStatistics feature : layer.features()) {
                            csv.printRecord(CsvText.row(row(layer, feature)));
                        }
                    }
                    csv.flush();
                });
    }

    private List<Object> row(LayerStatistics layer, FeatureStatistics feature) {
        List<Object> row = new ArrayList<>();
        row.add(layer.layer());
        row.add(layer.stream());
        row.add(feature.feature());
        row.add(feature.frequency());
        row.add(orEmpty(feature.mean()));
        row.add(orEmpty(feature.entropy()));
        row.add(feature.pictures());
        row.add(feature.dead());
        row.add(feature.mean() == null ? "" : analysis.styles().get(feature.mainStyle()));
        row.add(orEmpty(feature.nearest()));
        row.add(orEmpty(feature.cosine()));
        row.addAll(feature.shares());
        return row;
    }

    private static Object orEmpty(@org.jspecify.annotations.Nullable Object value) {
        return value == null ? "" : value;
    }

    /**
     * {@code figure-3} (or {@code figure-4} of a low-rank adapter): the features of all layers that
     * see image tokens; {@code figure-32}: up to twelve layers side by side. An axis says how they
     * were read.
     */
    void writeFigures(boolean lowRank, ReadWay way) {
        double most = Math.log(Math.max(2, analysis.styles().size()));
        List<LayerStatistics> shown = imageLayers();
        List<FeatureStatistics> all =
                shown.stream().flatMap(layer -> layer.features().stream()).toList();
        long silent = all.stream().filter(feature -> feature.mean() == null).count();
        String title =
                (all.size() - silent)
                        + (lowRank ? " directions of " : " features of ")
                        + (shown.size() == 1
                                ? shown.get(0).shortName()
                                : shown.size() + " " + shown.get(0).stream() + " layers")
                        + (silent > 0 ? " (" + silent + " never active)" : "")
                        + ", one sample per "
                        + analysis.unit();
        new ScatterFigure(new FeatureScatter(title, way.words(), all, most, Bounds.of(all)))
                .write(folder, lowRank ? "figure-4" : "figure-3");
        new LayersFigure(panels(), most).write(folder, "figure-32");
    }

    /** The text's tokens hold the name of the style, so its layers would say little. */
    private List<LayerStatistics> imageLayers() {
        List<LayerStatistics> image =
                analysis.layers().stream()
                        .filter(layer -> layer.stream().equals(FeatureAnalysis.IMAGE))
                        .toList();
        return image.isEmpty() ? analysis.layers() : image;
    }

    /** Spread evenly over the network. */
    private List<LayerStatistics> panels() {
        List<LayerStatistics> layers = analysis.layers();
        int count = Math.min(PANELS, layers.size());
        List<LayerStatistics> chosen = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            chosen.add(layers.get(i * layers.size() / count));
        }
        return chosen;
    }
}
