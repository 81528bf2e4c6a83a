package dev.stanstudio.scoring.score;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.safetensors.SafetensorsWriter;
import dev.stanstudio.safetensors.StoredType;
import dev.stanstudio.scoring.compute.FeatureExtractor;
import dev.stanstudio.scoring.compute.FeatureRequest;
import dev.stanstudio.scoring.compute.FeatureResult;
import dev.stanstudio.scoring.manifest.ListedPicture;
import dev.stanstudio.scoring.manifest.PictureList;
import dev.stanstudio.scoring.manifest.Problem;
import dev.stanstudio.scoring.vision.EmbedderId;
import dev.stanstudio.scoring.vision.ImageEmbedder;
import dev.stanstudio.scoring.vision.TowerKind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Holds the features of every picture of a list: N pictures by d numbers for each network. For one
 * thread.
 */
public final class FeatureTable {
    private final FeatureExtractor extractor;
    private final int batch;
    private final ScoreListener listener;
    private final List<String> files = new ArrayList<>();
    private final Map<TowerKind, List<float[]>> rows = new EnumMap<>(TowerKind.class);
    private final List<Problem> problems = new ArrayList<>();
    private final Map<Problem.Kind, Integer> aside = new TreeMap<>();
    private final List<String> names = new ArrayList<>();
    private final List<FeatureRequest> waiting = new ArrayList<>();

    /**
     * @param extractor computes the features; the caller closes it
     * @param batch pictures that go through a network at once
     * @throws ArgumentException if that is none
     */
    public FeatureTable(FeatureExtractor extractor, int batch, ScoreListener listener) {
        if (batch < 1) {
            throw new ArgumentException("--batch must be at least 1, not " + batch);
        }
        this.extractor = extractor;
        this.batch = batch;
        this.listener = listener;
    }

    /** Reads {@code list}; an unreadable picture becomes a problem and no row. */
    public void read(PictureList list, Set<TowerKind> towers) {
        Set<TowerKind> wanted = EnumSet.copyOf(towers);
        wanted.forEach(kind -> rows.put(kind, new ArrayList<>()));
        listener.onStage("features", list.size());
        list.forEach(
                new PictureList.Visitor() {
                    @Override
                    public void onPicture(ListedPicture picture, @Nullable Path file) {
                        if (file == null) {
                            problems.add(
                                    new Problem(
                                            Problem.Kind.MISSING,
                                            picture.file(),
                                            "is listed but not there"));
                            return;
                        }
                        if (picture.file().lines().count() > 1) {
                            problems.add(
                                    new Problem(
                                            Problem.Kind.UNREADABLE,
                                            picture.file().lines().collect(Collectors.joining(" ")),
                                            "has a line break in its name, which the file's list of"
                                                    + " names cannot hold; rename it"));
                            return;
                        }
                        LeftAside.of(file).forEach(kind -> aside.merge(kind, 1, Integer::sum));
                        names.add(picture.file());
                        waiting.add(extractor.request(file, list.isLasting(), wanted));
                        if (waiting.size() == batch) {
                            extract();
                        }
                    }

                    @Override
                    public void onProblem(Problem problem) {
                        problems.add(problem);
                    }
                });
        if (!waiting.isEmpty()) {
            extract();
        }
    }

    private void extract() {
        List<FeatureResult> results =
                FeaturePipeline.await(extractor.extract(List.copyOf(waiting)));
        for (int i = 0; i < results.size(); i++) {
            FeatureResult one = results.get(i);
            if (one.failure() == null) {
                files.add(names.get(i));
                rows.forEach((kind, own) -> own.add(row(one, kind)));
            } else {
                problems.add(
                        new Problem(one.failure().kind(), names.get(i), one.failure().message()));
            }
        }
        waiting.clear();
        names.clear();
        listener.onDone(files.size());
    }

    private static float[] row(FeatureResult result, TowerKind kind) {
        float[] row = result.features().get(kind);
        if (row == null) {
            throw new IllegalStateException("a picture without failure has all features");
        }
        return row;
    }

    /** Returns the number of pictures with features. */
    public int size() {
        return files.size();
    }

    /**
     * Returns the problems of unreadable pictures and lines, and at the end how many pictures state
     * what was not followed.
     */
    public List<Problem> problems() {
        List<Problem> all = new ArrayList<>(problems);
        aside.forEach(
                (kind, count) ->
                        all.add(
                                new Problem(
                                        kind,
                                        count + (count == 1 ? " picture" : " pictures"),
                                        kind.words())));
        return List.copyOf(all);
    }

    /**
     * Writes a tensor [N, d] in fp32 for each network, named as the network's option, and in the
     * metadata the pictures' names, one per line, and what the features depend on.
     *
     * @throws dev.stanstudio.safetensors.SafetensorsException if the file cannot be written
     */
    public void write(Path file, Map<TowerKind, ImageEmbedder> towers) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("pictures", String.join("\n", files));
        List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
        rows.forEach(
                (kind, own) -> {
                    ImageEmbedder tower = towers.get(kind);
                    if (tower != null) {
                        metadata.put(kind.key(), said(tower.id()));
                        tensors.add(tensor(kind.key(), own, tower.dimensions()));
                    }
                });
        SafetensorsWriter.write(file.toAbsolutePath(), metadata, tensors);
    }

    private static String said(EmbedderId id) {
        return String.join(
                "; ",
                id.tower().name(),
                id.tower().network(),
                id.tower().fingerprint(),
                id.tower().precision(),
                id.preprocessing());
    }

    private static SafetensorsWriter.Tensor tensor(String name, List<float[]> rows, int width) {
        return new SafetensorsWriter.Tensor(
                name,
                StoredType.F32,
                List.of((long) rows.size(), (long) width),
                out -> {
                    ByteBuffer bytes =
                            ByteBuffer.allocate(width * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                    for (float[] row : rows) {
                        bytes.clear();
                        bytes.asFloatBuffer().put(row);
                        while (bytes.hasRemaining()) {
                            out.write(bytes);
                        }
                    }
                });
    }
}
