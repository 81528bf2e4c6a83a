package dev.stanstudio.pretrain.dino;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PictureGrid;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.scoring.metric.NearestVotes;
import dev.stanstudio.sd3.checkpoint.Placement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Measures k-NN accuracy, the share of held-out pictures whose style the nearest known pictures
 * name: the usual test of a network that learned without labels.
 */
final class StyleNeighbours {
    private static final int BATCH = 64;
    private static final int ROWS = 8;
    private static final int SHOWN = 7;
    private static final int GAP = 2;

    private final List<StyledPicture> known;
    private final List<StyledPicture> heldOut;
    private final Placement placement;

    StyleNeighbours(List<StyledPicture> known, List<StyledPicture> heldOut, Placement placement) {
        this.known = List.copyOf(known);
        this.heldOut = List.copyOf(heldOut);
        this.placement = placement;
    }

    /** Share of right styles; nothing without pictures. */
    Map<String, Double> measure(DinoNetwork network) {
        if (known.isEmpty() || heldOut.isEmpty()) {
            return Map.of();
        }
        NearestVotes votes = votes(network);
        List<double[]> units = units(network, heldOut);
        double right = 0;
        for (int i = 0; i < units.size(); i++) {
            right += votes.predict(units.get(i)).equals(heldOut.get(i).style()) ? 1 : 0;
        }
        return Map.of("style_accuracy", right / units.size());
    }

    private NearestVotes votes(DinoNetwork network) {
        NearestVotes votes = new NearestVotes();
        List<double[]> units = units(network, known);
        for (int i = 0; i < units.size(); i++) {
            votes.add(known.get(i).style(), units.get(i));
        }
        return votes;
    }

    private List<double[]> units(DinoNetwork network, List<StyledPicture> pictures) {
        List<double[]> units = new ArrayList<>();
        for (int from = 0; from < pictures.size(); from += BATCH) {
            int to = Math.min(pictures.size(), from + BATCH);
            try (Scope scope = Scope.open("neighbours")) {
                List<Picture> batch =
                        pictures.subList(from, to).stream().map(StyledPicture::picture).toList();
                Tensor pixels = DinoNetwork.pixels(scope, batch, placement);
                Tensor features = network.features(scope, pixels);
                float[] flat = features.toFloats();
                int width = flat.length / batch.size();
                for (int i = 0; i < batch.size(); i++) {
                    units.add(unit(flat, i * width, width));
                }
            }
        }
        return units;
    }

    private static double[] unit(float[] flat, int from, int width) {
        double[] unit = new double[width];
        double squares = 0;
        for (int k = 0; k < width; k++) {
            unit[k] = flat[from + k];
            squares += unit[k] * unit[k];
        }
        for (int k = 0; k < width; k++) {
            unit[k] /= Math.max(Math.sqrt(squares), 1e-12);
        }
        return unit;
    }

    /** Held-out pictures, each beside the known ones that are nearest. */
    Picture sheet(DinoNetwork network) {
        NearestVotes votes = votes(network);
        List<StyledPicture> rows = heldOut.subList(0, Math.min(ROWS, heldOut.size()));
        List<double[]> units = units(network, rows);
        List<Picture> cells = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            cells.add(rows.get(i).picture());
            votes.nearest(units.get(i), SHOWN).forEach(n -> cells.add(known.get(n).picture()));
        }
        return PictureGrid.of(cells, 1 + Math.min(SHOWN, known.size()), GAP);
    }

    boolean isEmpty() {
        return known.isEmpty() || heldOut.isEmpty();
    }
}
