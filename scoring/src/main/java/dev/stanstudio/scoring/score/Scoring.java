package dev.stanstudio.scoring.score;

import dev.stanstudio.base.ProgramVersion;
import dev.stanstudio.base.UserException;
import dev.stanstudio.scoring.compute.Failure;
import dev.stanstudio.scoring.compute.FeatureCache;
import dev.stanstudio.scoring.compute.FeatureExtractor;
import dev.stanstudio.scoring.compute.LocalExtractor;
import dev.stanstudio.scoring.manifest.ListedPicture;
import dev.stanstudio.scoring.manifest.PictureList;
import dev.stanstudio.scoring.manifest.Problem;
import dev.stanstudio.scoring.metric.Intervals;
import dev.stanstudio.scoring.metric.PoissonWeights;
import dev.stanstudio.scoring.vision.TowerKind;
import dev.stanstudio.scoring.vision.Towers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One scoring: real pictures first, then the lists, one picture at a time. What it gives depends on
 * the pictures and the settings alone: not on their order beyond rounding, nor on what was cached
 * or where an earlier run was killed. For one thread and one use.
 */
public final class Scoring {
    private record Tag(String input, ListedPicture picture, Set<Problem.Kind> leftAside) {}

    private final Towers towers;
    private final FeatureCache cache;
    private final FeatureExtractor maker;
    private final ScoreSettings settings;
    private final ScoreListener listener;
    private final Problems problems = new Problems();
    private final DuplicateFilter met = new DuplicateFilter();
    private final PoissonWeights weights;
    private long seen;

    /** A scoring by {@code towers}, which stay their owner's, as does the cache. */
    public Scoring(
            Towers towers, FeatureCache cache, ScoreSettings settings, ScoreListener listener) {
        this(towers, cache, new LocalExtractor(towers.images()), settings, listener);
    }

    /** A scoring whose features {@code maker} computes by the same towers, wherever they are. */
    public Scoring(
            Towers towers,
            FeatureCache cache,
            FeatureExtractor maker,
            ScoreSettings settings,
            ScoreListener listener) {
        this.towers = towers;
        this.cache = cache;
        this.maker = maker;
        this.settings = settings;
        this.listener = listener;
        this.weights = new PoissonWeights(settings.replicates(), settings.seed());
    }

    /** The metrics that a picture may have, for a table's columns. */
    public static List<String> columns(Towers towers, boolean references) {
        List<String> columns = new ArrayList<>();
        if (towers.clip() != null) {
            columns.addAll(List.of(Scorer.CLIP_T, Scorer.CLIP_S, Scorer.CLIP_TM));
        }
        if (references) {
            for (TowerKind kind : towers.images().keySet()) {
                columns.add(kind.styleMetric());
                columns.add(kind.styleMetric() + Scorer.OTHERS);
            }
            columns.addAll(List.of(Scorer.ACCURACY, Scorer.NEAREST));
        }
        return columns;
    }

    /**
     * What came out.
     *
     * @param result the numbers
     * @param extremes the best and the worst pictures
     * @param computed pictures that went through a network; the others were cached
     */
    public record Outcome(Result result, BestAndWorst extremes, long computed) {}

    /**
     * Scores the pictures of {@code lists}.
     *
     * @param references a style collection to compare with, or null
     * @param training a collection that memorisation is looked for in; null for the references
     * @param rows is given every picture's numbers, in order
     * @throws UserException if no picture can be scored
     * @throws CancellationException when the thread is interrupted; what was computed is cached
     */
    public Outcome run(
            List<PictureList> lists,
            @Nullable Path references,
            @Nullable Path training,
            Consumer<ScoredPicture> rows) {
        RealPictures real =
                new RealPictures(towers, cache, maker, settings, weights, problems, listener);
        Result.References described =
                references == null
                        ? null
                        : real.read(references, training == null ? references : training);
        Map<TowerKind, StyleReferences> known = described == null ? Map.of() : real.references();
        Scorer scorer =
                new Scorer(
                        towers,
                        settings.prefix(),
                        known,
                        described == null ? null : real.trainingPictures(),
                        problems);
        ScoreAggregator tally = new ScoreAggregator(known, weights, problems);
        FeaturePipeline<Tag> embedding = embedding(scorer, tally, rows);
        long total = total(lists);
        listener.onStage("pictures", total);
        for (PictureList list : lists) {
            list.forEach(new Walk(list, embedding));
        }
        embedding.flush();
        if (tally.pictures() == 0) {
            throw new UserException(nothing(lists));
        }
        tally.noteSizes();
        Result result = result(lists, described, scorer, tally);
        return new Outcome(result, tally.extremes(), embedding.computed());
    }

    private static long total(List<PictureList> lists) {
        long total = 0;
        for (PictureList list : lists) {
            long size = list.size();
            if (size < 0) {
                return -1;
            }
            total += size;
        }
        return total;
    }

    private String nothing(List<PictureList> lists) {
        String names = String.join(", ", lists.stream().map(PictureList::name).toList());
        List<Problem> all = problems.all();
        return "no picture of "
                + names
                + " can be scored"
                + (all.isEmpty()
                        ? ": there is none"
                        : "; the first problem: " + all.get(0).where() + " " + all.get(0).what());
    }

    private FeaturePipeline<Tag> embedding(
            Scorer scorer, ScoreAggregator tally, Consumer<ScoredPicture> rows) {
        return new FeaturePipeline<>(
                towers.images(), cache, maker, settings.batch(), new Intake(scorer, tally, rows));
    }

    private void oneMore() {
        seen++;
        listener.onDone(seen);
    }

    private Result result(
            List<PictureList> lists,
            Result.@Nullable References described,
            Scorer scorer,
            ScoreAggregator tally) {
        return new Result(
                "STAN Studio " + ProgramVersion.current(),
                lists.stream().map(PictureList::name).toList(),
                tally.pictures(),
                tally.sizes(),
                new Result.Interval(
                        Intervals.CONFIDENCE,
                        "percentiles of a bootstrap with Poisson(1) weights",
                        "a prompt with a seed, the same draws for every method",
                        settings.replicates(),
                        settings.seed()),
                scorer.definitions(),
                described,
                tally.numbers(),
                tally.differences(),
                tally.confusion(),
                problems.counts(),
                problems.all());
    }

    /** Scores what was seen in the pictures. */
    private final class Intake implements PictureSink<Tag> {
        private final Scorer scorer;
        private final ScoreAggregator tally;
        private final Consumer<ScoredPicture> rows;

        Intake(Scorer scorer, ScoreAggregator tally, Consumer<ScoredPicture> rows) {
            this.scorer = scorer;
            this.tally = tally;
            this.rows = rows;
        }

        @Override
        public boolean accepts(Tag tag, String sha256) {
            String stated = tag.picture().sha256();
            if (stated != null && !stated.equals(sha256)) {
                problems.add(
                        Problem.Kind.LIE,
                        tag.picture().file(),
                        "has another hash than the list states; it was changed or mixed up");
            } else if (met.isRepeated(tag.picture(), sha256)) {
                problems.add(
                        Problem.Kind.REPEATED,
                        tag.picture().file(),
                        "is listed again under the same method, style, prompt and seed; it is"
                                + " counted once");
            } else {
                return true;
            }
            oneMore();
            return false;
        }

        @Override
        public void onReady() {
            oneMore();
        }

        @Override
        public void onFeatures(Tag tag, String sha256, Map<TowerKind, float[]> features) {
            ScoredPicture scored = scorer.score(tag.picture(), sha256, features);
            tally.add(tag.input(), scored, features, cache.size(sha256));
            rows.accept(scored);
            tag.leftAside().forEach(kind -> problems.add(kind, tag.picture().file(), kind.words()));
        }

        @Override
        public void onFailure(Tag tag, Failure failure) {
            problems.add(failure.kind(), tag.picture().file(), failure.message());
        }
    }

    /** Goes through one list. */
    private final class Walk implements PictureList.Visitor {
        private final PictureList list;
        private final FeaturePipeline<Tag> embedding;

        Walk(PictureList list, FeaturePipeline<Tag> embedding) {
            this.list = list;
            this.embedding = embedding;
        }

        @Override
        public void onPicture(ListedPicture picture, @Nullable Path file) {
            if (Thread.currentThread().isInterrupted()) {
                throw new CancellationException("scoring");
            }
            Set<Problem.Kind> aside = file == null ? Set.of() : LeftAside.of(file);
            Tag tag = new Tag(list.name(), picture, aside);
            if (file == null) {
                problems.add(Problem.Kind.MISSING, picture.file(), "is listed but not there");
                oneMore();
            } else if (list.isLasting()) {
                embedding.add(tag, file);
            } else {
                embedding.addPassing(tag, file);
            }
        }

        @Override
        public void onProblem(Problem problem) {
            problems.add(problem);
        }
    }
}
