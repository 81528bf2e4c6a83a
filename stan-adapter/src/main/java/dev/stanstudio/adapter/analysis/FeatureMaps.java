package dev.stanstudio.adapter.analysis;

import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.TensorList;
import dev.stanstudio.safetensors.SafetensorsFile;
import dev.stanstudio.safetensors.SafetensorsWriter;
import dev.stanstudio.safetensors.StoredType;
import dev.stanstudio.safetensors.TensorInfo;
import dev.stanstudio.safetensors.TensorSource;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;

/**
 * Maps of each feature of the image's layers over the pictures that activate it most: {@code
 * maps.safetensors} with a tensor {@code [features, pictures, side, side]} of bytes for each layer,
 * each map 255 at its strongest place. Large pictures are covered by 16 × 16 places, so that an
 * adapter of SD3 takes megabytes.
 */
final class FeatureMaps {
    static final String FILE = "maps.safetensors";

    private static final int MOST_SIDE = 16;
    private static final int TOP = FeatureAnalysis.TOP;

    private final FeatureAnalysis analysis;
    private final Map<String, byte[]> maps = new LinkedHashMap<>();

    /** Features by picture, as feature · TOP + rank. */
    private final Map<String, Map<Integer, List<Integer>>> wanted = new LinkedHashMap<>();

    private int side;

    private FeatureMaps(FeatureAnalysis analysis) {
        this.analysis = analysis;
        for (LayerStatistics layer : analysis.layers()) {
            if (layer.stream().equals(FeatureAnalysis.IMAGE)) {
                wanted.put(layer.layer(), byPicture(layer));
            }
        }
    }

    private static Map<Integer, List<Integer>> byPicture(LayerStatistics layer) {
        Map<Integer, List<Integer>> places = new LinkedHashMap<>();
        for (FeatureStatistics feature : layer.features()) {
            for (int rank = 0; rank < feature.top().size(); rank++) {
                places.computeIfAbsent(
                                feature.top().get(rank).picture(), picture -> new ArrayList<>())
                        .add(feature.feature() * TOP + rank);
            }
        }
        return places;
    }

    /**
     * Shows every picture that is among a feature's strongest once more and writes the file.
     *
     * @throws CancellationException if the thread is interrupted
     */
    static void write(
            Path folder,
            FeatureAnalysis analysis,
            FeatureReader reader,
            ShownPictures shown,
            List<ReadPicture> pictures) {
        FeatureMaps all = new FeatureMaps(analysis);
        for (int i = 0; i < pictures.size(); i++) {
            if (Thread.currentThread().isInterrupted()) {
                throw new CancellationException("interrupted while drawing maps");
            }
            int picture = i;
            if (all.wanted.values().stream().anyMatch(layer -> layer.containsKey(picture))) {
                shown.show(
                        i,
                        all.maps(reader, picture),
                        (layer, tokens, passes) ->
                                all.add(
                                        layer,
                                        all.places(layer, picture),
                                        ShownPictures.mean(passes)));
            }
        }
        all.save(folder);
    }

    private List<Integer> places(String layer, int picture) {
        return wanted.getOrDefault(layer, Map.of()).getOrDefault(picture, List.of());
    }

    /** The maps of all features of the layers that have {@code picture} among their strongest. */
    private ShownPictures.Numbers maps(FeatureReader reader, int picture) {
        return new ShownPictures.Numbers() {
            @Override
            public boolean reads(String layer) {
                return !places(layer, picture).isEmpty();
            }

            @Override
            public float[] of(Scope local, String layer, TensorList recorded) {
                long tokens = Math.round(Math.sqrt((double) FeatureReader.tokens(recorded)));
                side = (int) Math.min(MOST_SIDE, tokens);
                return reader.maps(local, layer, recorded, tokens, side);
            }
        };
    }

    private void add(String layer, List<Integer> places, float[] values) {
        int area = side * side;
        int features = values.length / area;
        byte[] own = maps.computeIfAbsent(layer, name -> new byte[features * TOP * area]);
        for (int place : places) {
            int from = place / TOP * area;
            float most = 0;
            for (int i = 0; i < area; i++) {
                most = Math.max(most, values[from + i]);
            }
            for (int i = 0; i < area && most > 0; i++) {
                own[place * area + i] = (byte) Math.round(255 * values[from + i] / most);
            }
        }
    }

    private void save(Path folder) {
        List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
        maps.forEach(
                (layer, bytes) ->
                        tensors.add(
                                new SafetensorsWriter.Tensor(
                                        layer,
                                        StoredType.U8,
                                        List.of(
                                                (long) bytes.length / ((long) TOP * side * side),
                                                (long) TOP,
                                                (long) side,
                                                (long) side),
                                        TensorSource.of(ByteBuffer.wrap(bytes)))));
        SafetensorsWriter.write(
                folder.resolve(FILE), Map.of("adapter", analysis.sha256()), tensors);
    }

    /**
     * One map, row by row, 0 … 255.
     *
     * @throws UserException if there is none
     */
    static float[] read(Path folder, String layer, int feature, int rank) {
        SafetensorsFile file = SafetensorsFile.open(folder.resolve(FILE));
        TensorInfo tensor = file.tensors().get(layer);
        if (tensor == null || feature < 0 || feature >= tensor.shape().get(0) || rank >= TOP) {
            throw new UserException("there is no map of " + layer + ":" + feature);
        }
        int area = (int) (tensor.shape().get(2) * tensor.shape().get(3));
        ByteBuffer bytes = ByteBuffer.allocate(area);
        file.read(tensor, ((long) feature * TOP + rank) * area, bytes);
        float[] map = new float[area];
        for (int i = 0; i < area; i++) {
            map[i] = bytes.get(i) & 255;
        }
        return map;
    }
}
