package dev.stanstudio.adapter.analysis;

import dev.stanstudio.adapter.analysis.FeatureAnalysis.Specific;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.TensorList;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/**
 * A row for each feature: its numbers, and the pictures that activate it most, each with the
 * activation of its tokens laid over it. Belongs to one thread.
 */
final class FeatureSheet {
    private static final int SIDE = 112;
    private static final int GAP = 6;
    private static final int LABEL = 230;
    private static final int LINE = 15;

    private final FeatureAnalysis analysis;
    private final List<Specific> features;
    private final List<ReadPicture> pictures;

    FeatureSheet(FeatureAnalysis analysis, List<Specific> features, List<ReadPicture> pictures) {
        this.analysis = analysis;
        this.features = List.copyOf(features);
        this.pictures = List.copyOf(pictures);
    }

    private record Place(int feature, int picture) {}

    /** Shows the pictures of the sheet once more and writes it. */
    void write(Path file, FeatureReader reader, ShownPictures shown) {
        Map<Place, float[]> maps = maps(reader, shown);
        int columns = 2 * FeatureAnalysis.TOP;
        BufferedImage sheet =
                new BufferedImage(
                        LABEL + columns * (SIDE + GAP) + GAP,
                        GAP + features.size() * (SIDE + GAP),
                        BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = sheet.createGraphics();
        graphics.setRenderingHint(
                RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setRenderingHint(
                RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
        for (int row = 0; row < features.size(); row++) {
            int y = GAP + row * (SIDE + GAP);
            label(graphics, features.get(row), y);
            List<FeatureStatistics.TopPicture> top = features.get(row).feature().top();
            for (int i = 0; i < top.size(); i++) {
                int x = LABEL + 2 * i * (SIDE + GAP);
                BufferedImage picture =
                        HeatMap.square(pictures.get(top.get(i).picture()).file(), SIDE);
                graphics.drawImage(picture, x, y, null);
                graphics.drawImage(picture, x + SIDE + GAP / 2, y, null);
                float[] map = maps.get(new Place(row, top.get(i).picture()));
                if (map != null) {
                    graphics.drawImage(HeatMap.of(map), x + SIDE + GAP / 2, y, SIDE, SIDE, null);
                }
            }
        }
        graphics.dispose();
        AtomicFile.write(file, out -> ImageIO.write(sheet, "png", out));
    }

    private Map<Place, float[]> maps(FeatureReader reader, ShownPictures shown) {
        Map<Place, float[]> maps = new HashMap<>();
        features.stream()
                .flatMap(f -> f.feature().top().stream())
                .mapToInt(FeatureStatistics.TopPicture::picture)
                .distinct()
                .sorted()
                .forEach(
                        picture ->
                                shown.show(
                                        picture,
                                        maps(reader),
                                        (layer, tokens, passes) ->
                                                keep(
                                                        maps,
                                                        picture,
                                                        rows(layer),
                                                        ShownPictures.mean(passes))));
        return maps;
    }

    /** The rows whose feature is one of {@code layer}. */
    private List<Integer> rows(String layer) {
        return IntStream.range(0, features.size())
                .filter(row -> features.get(row).layer().layer().equals(layer))
                .boxed()
                .toList();
    }

    /** The maps of the sheet's features of a layer, one after another. */
    private ShownPictures.Numbers maps(FeatureReader reader) {
        return new ShownPictures.Numbers() {
            @Override
            public boolean reads(String layer) {
                return !rows(layer).isEmpty();
            }

            @Override
            public float[] of(Scope local, String layer, TensorList recorded) {
                return ShownPictures.joined(
                        rows(layer).stream()
                                .map(row -> features.get(row).feature().feature())
                                .map(number -> reader.map(local, layer, recorded, number))
                                .toList());
            }
        };
    }

    private static void keep(
            Map<Place, float[]> maps, int picture, List<Integer> rows, float[] all) {
        int each = all.length / rows.size();
        for (int i = 0; i < rows.size(); i++) {
            maps.put(
                    new Place(rows.get(i), picture),
                    Arrays.copyOfRange(all, i * each, (i + 1) * each));
        }
    }

    private void label(Graphics2D graphics, Specific own, int y) {
        FeatureStatistics feature = own.feature();
        int style = feature.mainStyle();
        graphics.setColor(Color.BLACK);
        graphics.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 12));
        graphics.drawString(own.layer().shortName() + " : " + feature.feature(), GAP, y + LINE);
        graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        List<String> lines =
                List.of(
                        String.format(
                                Locale.ROOT,
                                "%s %.0f %%",
                                analysis.styles().get(style),
                                100 * feature.shares().get(style)),
                        String.format(Locale.ROOT, "entropy %.2f nats", feature.entropy()),
                        String.format(
                                Locale.ROOT, "active on %.2g of samples", feature.frequency()),
                        String.format(Locale.ROOT, "mean activation %.2g", feature.mean()),
                        feature.nearest() == null
                                ? ""
                                : String.format(
                                        Locale.ROOT,
                                        "nearest direction %d (%.2f)",
                                        feature.nearest(),
                                        feature.cosine()));
        for (int i = 0; i < lines.size(); i++) {
            graphics.drawString(lines.get(i), GAP, y + (i + 2) * LINE + 2);
        }
    }
}
