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
import dev.stanstudio.scoring.metric.TrainingEstimate;
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
 * Runs one scoring: real pictures first, then the lists, one picture at a time. Its result depends
 * on the pictures and the settings alone: not on their order beyond rounding, nor on the cache or
 * an earlier run that was killed. For one thread and one use.
 */
public final class Scoring {
    private record Listing(String input, ListedPicture picture, Set<Problem.Kind> leftAside) {}

    private final Towers towers;
    private final FeatureCache cache;
    private final FeatureExtractor extractor;
    private final ScoreSettings settings;
    private final ScoreListener listener;
    private final Problems problems = new Problems();
    private final DuplicateFilter duplicates = new DuplicateFilter();
    private final PoissonWeights weights;
    private long ready;

    /** Scores with {@code towers} in this process; the caller closes them and the cache. */
    public Scoring(
            Towers towers, FeatureCache cache, ScoreSettings settings, ScoreListener listener) {
        this(towers, cache, new LocalExtractor(towers.images()), settings, listener);
    }

    /** Scores with features that {@code extractor} computes by the same towers, on any machine. */
    public Scoring(
            Towers towers,
            FeatureCache cache,
            FeatureExtractor extractor,
            ScoreSettings settings,
            ScoreListener listener) {
        this.towers = towers;
        this.cache = cache;
        this.extractor = extractor;
        this.settings = settings;
        this.listener = listener;
        this.weights = new PoissonWeights(settings.replicates(), settings.seed());
    }

    /** Returns the metrics that a picture may have, for a table's columns. */
    public static List<String> columns(Towers towers, boolean references) {
        List<String> columns = new ArrayList<>();
        if (towers.clip() != null) {
            columns.addAll(
                    List.of(Scorer.CLIP_T, Scorer.CLIP_S, Scorer.CLIP_TM, Scorer.CLIP_T_STYLE));
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
     * Bundles what a scoring returns.
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
     * @param training a collection in which copies are searched; null for the references
     * @param rows receives every picture's numbers, in order
     * @throws UserException if no picture can be scored
     * @throws CancellationException when the thread is interrupted; what was computed is cached
     */
    public Outcome run(
            List<PictureList> lists,
            @Nullable Path references,
            @Nullable Path training,
            Consumer<ScoredPicture> rows) {
        RealPictures real =
                new RealPictures(towers, cache, extractor, settings, weights, problems, listener);
        Result.References described =
                references == null
                        ? null
                        : real.read(references, training == null ? references : training);
        Map<TowerKind, StyleReferences> styles = described == null ? Map.of() : real.references();
        Scorer scorer =
                new Scorer(
                        towers,
                        settings.prefix(),
                        styles,
                        described == null ? null : real.trainingPictures(),
                        problems);
        ScoreAggregator aggregator = new ScoreAggregator(styles, weights, problems);
        FeaturePipeline<Listing> pipeline = pipeline(scorer, aggregator, rows);
        long total = total(lists);
        listener.onStage("pictures", total);
        for (PictureList list : lists) {
            list.forEach(new ListVisitor(list, pipeline));
        }
        pipeline.flush();
        if (aggregator.pictures() == 0) {
            throw new UserException(nothing(lists));
        }
        aggregator.finish();
        Result result = result(lists, described, scorer, aggregator);
        return new Outcome(result, aggregator.extremes(), pipeline.computed());
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
        String why =
                all.isEmpty()
                        ? ": there is none"
                        : "; the first problem: %s %s"
                                .formatted(all.get(0).where(), all.get(0).what());
        return "no picture of %s can be scored%s".formatted(names, why);
    }

    private FeaturePipeline<Listing> pipeline(
            Scorer scorer, ScoreAggregator aggregator, Consumer<ScoredPicture> rows) {
        return new FeaturePipeline<>(
                towers.images(),
                cache,
                extractor,
                settings.batch(),
                new ScoreSink(scorer, aggregator, rows));
    }

    private void countReady() {
        ready++;
        listener.onDone(ready);
    }

    private Result result(
            List<PictureList> lists,
            Result.@Nullable References described,
            Scorer scorer,
            ScoreAggregator aggregator) {
        return new Result(
                "STAN Studio " + ProgramVersion.current(),
                lists.stream().map(PictureList::name).toList(),
                aggregator.pictures(),
                aggregator.sizes(),
                new Result.Interval(
                        Intervals.CONFIDENCE,
                        ("percentiles of a bootstrap with Poisson(1) weights; over several"
                                        + " trainings t with the variance of trainings and prompts,"
                                        + " from %d trainings on percentiles of a bootstrap over"
                                        + " trainings, then prompts")
                                .formatted(TrainingEstimate.MANY),
                        "the training, where a method has several, and a prompt with a seed; the"
                                + " same draws for every method",
                        settings.replicates(),
                        settings.seed()),
                scorer.definitions(),
                described,
                aggregator.numbers(),
                aggregator.differences(),
                aggregator.confusion(),
                problems.counts(),
                problems.all());
    }

    /** Scores the pictures whose features are complete. */
    private final class ScoreSink implements PictureSink<Listing> {
        private final Scorer scorer;
        private final ScoreAggregator aggregator;
        private final Consumer<ScoredPicture> rows;

        ScoreSink(Scorer scorer, ScoreAggregator aggregator, Consumer<ScoredPicture> rows) {
            this.scorer = scorer;
            this.aggregator = aggregator;
            this.rows = rows;
        }

        @Override
        public boolean accepts(Listing listing, String sha256) {
            String stated = listing.picture().sha256();
            if (stated != null && !stated.equals(sha256)) {
                problems.add(
                        Problem.Kind.HASH_MISMATCH,
                        listing.picture().file(),
                        "has another hash than the list states; it was changed or mixed up");
            } else if (duplicates.isRepeated(listing.picture(), sha256)) {
                problems.add(
                        Problem.Kind.REPEATED,
                        listing.picture().file(),
                        "is listed again under the same method, style, prompt and seed; it is"
                                + " counted once");
            } else {
                return true;
            }
            countReady();
            return false;
        }

        @Override
        public void onReady() {
            countReady();
        }

        @Override
        public void onFeatures(Listing listing, String sha256, Map<TowerKind, float[]> features) {
            ScoredPicture scored = scorer.score(listing.picture(), sha256, features);
            aggregator.add(listing.input(), scored, features, cache.size(sha256));
            rows.accept(scored);
            listing.leftAside()
                    .forEach(kind -> problems.add(kind, listing.picture().file(), kind.words()));
        }

        @Override
        public void onFailure(Listing listing, Failure failure) {
            problems.add(failure.kind(), listing.picture().file(), failure.message());
        }
    }

    /** Submits the pictures of one list. */
    private final class ListVisitor implements PictureList.Visitor {
        private final PictureList list;
        private final FeaturePipeline<Listing> pipeline;

        ListVisitor(PictureList list, FeaturePipeline<Listing> pipeline) {
            this.list = list;
            this.pipeline = pipeline;
        }

        @Override
        public void onPicture(ListedPicture picture, @Nullable Path file) {
            if (Thread.currentThread().isInterrupted()) {
                throw new CancellationException("scoring");
            }
            Set<Problem.Kind> aside = file == null ? Set.of() : LeftAside.of(file);
            Listing listing = new Listing(list.name(), picture, aside);
            if (file == null) {
                problems.add(Problem.Kind.MISSING, picture.file(), "is listed but not there");
                countReady();
            } else if (list.isLasting()) {
                pipeline.add(listing, file);
            } else {
                pipeline.addPassing(listing, file);
            }
        }

        @Override
        public void onProblem(Problem problem) {
            problems.add(problem);
        }
    }
}
