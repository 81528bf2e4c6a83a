package dev.stanstudio.scoring.report;

import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.Sha256;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.source.PreferenceVote;
import dev.stanstudio.scoring.metric.Estimate;
import dev.stanstudio.scoring.metric.Intervals;
import dev.stanstudio.scoring.metric.KendallTau;
import dev.stanstudio.scoring.metric.PoissonWeights;
import dev.stanstudio.scoring.metric.ResampledMean;
import dev.stanstudio.scoring.score.Definition;
import dev.stanstudio.scoring.score.ScoredPicture;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Compares votes with the numbers of the pictures that were voted on, which are known by their
 * hashes. Intervals are by a bootstrap over prompts: votes on one prompt are no independent ones.
 * Belongs to one thread.
 */
final class VotedPictures {
    /** Name of the file. */
    static final String FILE = "agreement.json";

    /** A vote on two scored pictures. */
    private record Vote(PreferenceVote vote, String chosen, String rejected) {
        static Vote of(PreferenceVote vote, Map<Path, String> hashes) {
            return new Vote(
                    vote,
                    hashes.getOrDefault(vote.chosen(), ""),
                    hashes.getOrDefault(vote.rejected(), ""));
        }

        String prompt() {
            return vote.prompt();
        }
    }

    /** Votes won by a picture, and those it took part in; a tie is half a vote. */
    private static final class Share {
        private double won;
        private double all;

        void add(double part, long votes) {
            won += part * votes;
            all += votes;
        }
    }

    private final Path file;
    private final List<Vote> votes;
    private final Map<String, Map<String, Double>> scores = new HashMap<>();

    /** Returns what stands where there are no votes. */
    static VotedPictures none() {
        return new VotedPictures(Path.of("no votes"), List.of());
    }

    /**
     * Hashes the pictures of the votes.
     *
     * @param file that the votes are of
     * @throws UserException if a picture is missing
     */
    VotedPictures(Path file, List<PreferenceVote> votes) {
        this.file = file;
        List<Path> pictures =
                votes.stream()
                        .flatMap(vote -> Stream.of(vote.chosen(), vote.rejected()))
                        .distinct()
                        .toList();
        List<Path> missing = pictures.stream().filter(p -> !Files.isRegularFile(p)).toList();
        if (!missing.isEmpty()) {
            throw new UserException(
                    "%d of %d pictures of %s are missing, such as %s; name the folder that their paths count from with --pictures"
                            .formatted(missing.size(), pictures.size(), file, missing.get(0)));
        }
        Map<Path, String> hashes =
                pictures.stream().collect(Collectors.toMap(path -> path, Sha256::ofFile));
        this.votes = votes.stream().map(v -> Vote.of(v, hashes)).toList();
    }

    /** Takes the numbers of a picture. */
    void add(ScoredPicture picture) {
        if (!votes.isEmpty()) {
            scores.putIfAbsent(picture.hash(), picture.scores());
        }
    }

    /**
     * Returns the agreement of each metric that the pictures have, in the order of the definitions.
     *
     * @throws UserException if no vote is on two scored pictures
     */
    List<VoteAgreement> agreement(List<Definition> definitions, PoissonWeights weights) {
        if (votes.isEmpty()) {
            return List.of();
        }
        if (votes.stream().noneMatch(v -> known(v.chosen()) && known(v.rejected()))) {
            throw new UserException(
                    "no vote of %s is on two of the scored pictures; score the pictures that were voted on"
                            .formatted(file));
        }
        List<VoteAgreement> rows = new ArrayList<>();
        for (Definition definition : definitions) {
            String metric = definition.metric();
            double sign = definition.better().equals("smaller") ? -1 : 1;
            List<Vote> usable =
                    votes.stream()
                            .filter(v -> has(v.chosen(), metric) && has(v.rejected(), metric))
                            .toList();
            if (!usable.isEmpty()) {
                rows.add(
                        new VoteAgreement(
                                metric,
                                accuracy(usable, metric, sign, weights),
                                tau(usable, metric, sign, weights)));
            }
        }
        return rows;
    }

    private boolean known(String hash) {
        return scores.containsKey(hash);
    }

    private boolean has(String hash, String metric) {
        return scores.getOrDefault(hash, Map.of()).containsKey(metric);
    }

    private double score(String hash, String metric) {
        return scores.getOrDefault(hash, Map.of()).getOrDefault(metric, Double.NaN);
    }

    private @Nullable Estimate accuracy(
            List<Vote> usable, String metric, double sign, PoissonWeights weights) {
        ResampledMean mean = new ResampledMean(weights.replicates());
        for (Vote vote : usable) {
            double lead = sign * (score(vote.chosen(), metric) - score(vote.rejected(), metric));
            double right = lead == 0 ? 0.5 : lead > 0 ? 1 : 0;
            byte[] often = weights.of(PoissonWeights.unit("prompt " + vote.prompt()));
            for (long i = 0; i < (vote.vote().tie() ? 0 : vote.vote().count()); i++) {
                mean.add(right, often);
            }
        }
        return estimate(mean, usable, 0);
    }

    private @Nullable Estimate tau(
            List<Vote> usable, String metric, double sign, PoissonWeights weights) {
        Map<String, Map<String, Share>> prompts = new LinkedHashMap<>();
        for (Vote vote : usable) {
            Map<String, Share> shares =
                    prompts.computeIfAbsent(vote.prompt(), p -> new LinkedHashMap<>());
            boolean tie = vote.vote().tie();
            long count = vote.vote().count();
            shares.computeIfAbsent(vote.chosen(), h -> new Share()).add(tie ? 0.5 : 1, count);
            shares.computeIfAbsent(vote.rejected(), h -> new Share()).add(tie ? 0.5 : 0, count);
        }
        ResampledMean mean = new ResampledMean(weights.replicates());
        prompts.forEach(
                (prompt, shares) -> {
                    double[] numbers =
                            shares.keySet().stream()
                                    .mapToDouble(hash -> sign * score(hash, metric))
                                    .toArray();
                    double[] won =
                            shares.values().stream().mapToDouble(s -> s.won / s.all).toArray();
                    double tau = KendallTau.of(numbers, won);
                    if (!Double.isNaN(tau)) {
                        mean.add(tau, weights.of(PoissonWeights.unit("prompt " + prompt)));
                    }
                });
        return estimate(mean, usable, -1);
    }

    /**
     * Votes on one prompt show nothing of other prompts. Where all prompts say the same the
     * bootstrap would give a point; Clopper and Pearson's bound over prompts, which holds for the
     * mean of any bounded number, stands instead.
     */
    private static @Nullable Estimate estimate(
            ResampledMean mean, List<Vote> usable, double least) {
        if (mean.count() == 0) {
            return null;
        }
        long prompts = usable.stream().map(Vote::prompt).distinct().count();
        Estimate estimate =
                Intervals.estimate(mean.mean(), prompts < 2 ? 1 : mean.count(), mean.replicates());
        Double low = estimate.low();
        Double high = estimate.high();
        if (low != null && low.equals(high)) {
            return sameEverywhere(mean, prompts, least);
        }
        return new Estimate(mean.mean(), mean.count(), low, high);
    }

    private static Estimate sameEverywhere(ResampledMean mean, long prompts, double least) {
        double value = mean.mean();
        double certain = Math.pow((1 - Intervals.CONFIDENCE) / 2, 1.0 / prompts);
        double reach = (1 - least) * (1 - certain);
        if (value == 1) {
            return new Estimate(value, mean.count(), 1 - reach, 1.0);
        }
        return value == least
                ? new Estimate(value, mean.count(), least, least + reach)
                : new Estimate(value, mean.count(), null, null);
    }

    /** Writes the numbers, whole or not at all. */
    static void write(List<VoteAgreement> rows, Path file) {
        String text = Json.pretty(Json.SNAKE_CASE, rows) + "\n";
        AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Returns the table of the report. */
    static Page.Table table(List<VoteAgreement> rows) {
        return new Page.Table(
                "Agreement with votes",
                "Accuracy is the share of decisive votes whose preferred picture the metric ranks"
                        + " first; 0.5 is chance. τ is the mean over prompts of Kendall’s τ-b"
                        + " between the metric and the share of votes that a picture won; 0 is"
                        + " chance. Where smaller is better, smaller numbers rank first. Intervals"
                        + " are over prompts; N counts votes and prompts.",
                List.of("metric", "accuracy", "τ by prompt"),
                rows.stream()
                        .map(
                                row ->
                                        List.of(
                                                Page.Cell.of(row.metric()),
                                                ScoreFormat.cell(row.accuracy()),
                                                ScoreFormat.cell(row.tau())))
                        .toList());
    }
}
