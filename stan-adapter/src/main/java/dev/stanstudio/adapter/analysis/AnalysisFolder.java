package dev.stanstudio.adapter.analysis;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.UserException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;

/**
 * A folder that holds an analysis and the pictures it was made on. Thread-safe.
 *
 * @param folder its path
 * @param analysis the numbers
 * @param pictures files by their numbers in the analysis
 */
public record AnalysisFolder(Path folder, FeatureAnalysis analysis, List<Path> pictures) {
    /** Keeps a copy of the list. */
    public AnalysisFolder {
        pictures = List.copyOf(pictures);
    }

    /**
     * Reads what {@code studio adapter analyze} wrote.
     *
     * @throws UserException if there is none or it is damaged
     */
    public static AnalysisFolder read(Path folder) {
        FeatureAnalysis analysis = FeatureAnalysis.read(folder);
        List<Path> pictures = new ArrayList<>();
        try {
            JsonNode root = Json.PLAIN.readTree(folder.resolve(FeatureAnalysis.FILE).toFile());
            root.path("files").forEach(file -> pictures.add(Path.of(file.path("file").asText())));
        } catch (IOException e) {
            throw new UserException("cannot read the analysis in " + folder, e);
        }
        return new AnalysisFolder(folder, analysis, pictures);
    }

    /** Returns whether maps were requested. */
    public boolean hasMaps() {
        return Files.isRegularFile(folder.resolve(FeatureMaps.FILE));
    }

    /**
     * A picture as it was analysed, as a PNG.
     *
     * @param side of the square in pixels
     * @throws UserException if its file is gone
     */
    public byte[] picture(int number, int side) {
        return png(HeatMap.square(pictures.get(number), side));
    }

    /**
     * The picture that activates a feature most but {@code rank} others, with the activation laid
     * over it, as a PNG.
     *
     * @param side of the square in pixels
     * @throws UserException if its file is gone or there is no map
     */
    public byte[] heated(LayerStatistics layer, FeatureStatistics feature, int rank, int side) {
        float[] map = FeatureMaps.read(folder, layer.layer(), feature.feature(), rank);
        BufferedImage image = HeatMap.square(pictures.get(feature.top().get(rank).picture()), side);
        HeatMap.lay(image, map);
        return png(image);
    }

    private static byte[] png(BufferedImage image) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
