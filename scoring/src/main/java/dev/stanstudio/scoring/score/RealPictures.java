package dev.stanstudio.scoring.score;

import dev.stanstudio.base.UserException;
import dev.stanstudio.datasets.collection.StyleCollection;
import dev.stanstudio.datasets.collection.StyleItem;
import dev.stanstudio.scoring.compute.Failure;
import dev.stanstudio.scoring.compute.FeatureCache;
import dev.stanstudio.scoring.compute.FeatureExtractor;
import dev.stanstudio.scoring.manifest.Problem;
import dev.stanstudio.scoring.metric.PoissonWeights;
import dev.stanstudio.scoring.vision.TowerKind;
import dev.stanstudio.scoring.vision.Towers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;

/** Reads real pictures and extracts their features. For one thread. */
final class RealPictures {
    private enum Part {
        REFERENCE,
        HELD_OUT,
        TRAINING
    }

    private record RealPicture(Part part, String style, StyleItem item, Path file) {}

    private final Towers towers;
    private final ScoreSettings settings;
    private final PoissonWeights weights;
    private final Problems problems;
    private final FeaturePipeline<RealPicture> pipeline;
    private final Map<TowerKind, StyleReferences> references = new EnumMap<>(TowerKind.class);
    private final TrainingPictures training = new TrainingPictures();
    private final Map<String, Result.Real> counts = new LinkedHashMap<>();
    private final ScoreListener listener;
    private long done;

    RealPictures(
            Towers towers,
            FeatureCache cache,
            FeatureExtractor extractor,
            ScoreSettings settings,
            PoissonWeights weights,
            Problems problems,
            ScoreListener listener) {
        this.towers = towers;
        this.settings = settings;
        this.weights = weights;
        this.problems = problems;
        this.listener = listener;
        towers.images().keySet().forEach(kind -> references.put(kind, new StyleReferences()));
        pipeline =
                new FeaturePipeline<>(
                        towers.images(), cache, extractor, settings.batch(), new ReferenceSink());
    }

    /** Reads the references, and the pictures that copies are searched in. */
    Result.References read(Path collection, Path trainingFolder) {
        ReferenceSet set =
                ReferenceSet.read(
                        collection, settings.references(), settings.heldOut(), settings.part());
        List<StyleItem> trained = training(trainingFolder);
        List<StyleItem> known = trained.subList(0, Math.min(trained.size(), settings.training()));
        long all = known.size();
        all += set.references().values().stream().mapToLong(List::size).sum();
        all += set.heldOut().values().stream().mapToLong(List::size).sum();
        listener.onStage("reference pictures", all);
        set.references().forEach((style, items) -> add(Part.REFERENCE, style, items, set.folder()));
        set.heldOut().forEach((style, items) -> add(Part.HELD_OUT, style, items, set.folder()));
        add(Part.TRAINING, "", known, trainingFolder);
        pipeline.flush();
        references.values().forEach(real -> real.finish(weights));
        StyleReferences any = references.values().iterator().next();
        set.references()
                .forEach(
                        (style, items) ->
                                counts.put(
                                        style,
                                        new Result.Real(any.count(style), any.heldOut(style))));
        if (training.size() == 0) {
            throw new UserException("no picture of " + trainingFolder + " can be read");
        }
        return new Result.References(
                collection.toString(),
                counts,
                trainingFolder.toString(),
                training.size(),
                set.parts(),
                shared(set, trained));
    }

    /** Returns how many references are training pictures. */
    private static long shared(ReferenceSet set, List<StyleItem> trained) {
        Set<String> hashes = new HashSet<>();
        trained.forEach(item -> hashes.add(item.sha256()));
        return set.references().values().stream()
                .flatMap(List::stream)
                .filter(item -> hashes.contains(item.sha256()))
                .count();
    }

    private static List<StyleItem> training(Path folder) {
        List<StyleItem> items = new ArrayList<>();
        StyleCollection.open(folder)
                .forEach(
                        item -> {
                            String split = item.labels().split();
                            if (split == null || split.equals(ReferenceSet.TRAIN)) {
                                items.add(item);
                            }
                        });
        items.sort(Comparator.comparing(StyleItem::sha256));
        return items;
    }

    private void add(Part part, String style, List<StyleItem> items, Path folder) {
        for (StyleItem item : items) {
            if (Thread.currentThread().isInterrupted()) {
                throw new CancellationException("scoring");
            }
            Path file = folder.resolve(item.fileName());
            if (!Files.isRegularFile(file)) {
                problems.add(Problem.Kind.MISSING, file.toString(), "is not there");
                continue;
            }
            pipeline.add(new RealPicture(part, style, item, file), file);
        }
    }

    private final class ReferenceSink implements PictureSink<RealPicture> {
        @Override
        public boolean accepts(RealPicture picture, String sha256) {
            if (sha256.equals(picture.item().sha256())) {
                return true;
            }
            problems.add(
                    Problem.Kind.HASH_MISMATCH,
                    picture.file().toString(),
                    "is not the picture that the collection lists; import it again");
            return false;
        }

        @Override
        public void onReady() {
            listener.onDone(++done);
        }

        @Override
        public void onFeatures(
                RealPicture picture, String sha256, Map<TowerKind, float[]> features) {
            store(picture, sha256, features);
        }

        @Override
        public void onFailure(RealPicture picture, Failure failure) {
            problems.add(failure.kind(), picture.item().fileName(), failure.message());
        }
    }

    private void store(RealPicture picture, String sha256, Map<TowerKind, float[]> features) {
        if (picture.part() == Part.TRAINING) {
            float[] vector = features.get(Scorer.forCopies(towers.images()));
            if (vector != null) {
                training.add(picture.item().fileName(), vector);
            }
            return;
        }
        features.forEach(
                (kind, vector) -> {
                    StyleReferences into = references.get(kind);
                    if (into != null && picture.part() == Part.REFERENCE) {
                        into.addReference(picture.style(), sha256, vector);
                    } else if (into != null) {
                        into.addHeldOut(picture.style(), sha256, vector);
                    }
                });
    }

    Map<TowerKind, StyleReferences> references() {
        return references;
    }

    TrainingPictures trainingPictures() {
        return training;
    }
}
