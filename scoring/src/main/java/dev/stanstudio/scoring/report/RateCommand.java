package dev.stanstudio.scoring.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.scoring.score.Definition;
import dev.stanstudio.scoring.score.Result;
import dev.stanstudio.scoring.score.ResultJson;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Implements {@code studio rate}: lets a metric vote on scored pictures. */
@Command(
        name = "rate",
        description = {
            "Write the votes that a metric of a scoring gives on pictures of the same prompt,"
                    + " marked",
            "as a model's, for 'train --preferences'."
        },
        sortOptions = false)
public final class RateCommand implements StudioCommand {
    @Spec @Nullable CommandSpec spec;

    @Parameters(paramLabel = "SCORES", description = "A folder that score wrote.")
    Path scores = Path.of(".");

    @Option(
            names = "--metric",
            required = true,
            paramLabel = "NAME",
            description = "The metric that votes, such as csd_style.")
    String metric = "";

    @Option(
            names = "--pictures",
            required = true,
            paramLabel = "DIR",
            description = "The folder of the scored pictures.")
    Path pictures = Path.of(".");

    @Option(names = "--method", paramLabel = "NAME", description = "Its pictures alone (all).")
    @Nullable String method;

    @Option(
            names = "--pairs",
            paramLabel = "RULE",
            description =
                    "all: every two pictures of a prompt; extremes: the best and the worst"
                            + " (default: all).")
    String pairs = "all";

    @Option(
            names = "--margin",
            paramLabel = "X",
            description = "Numbers at most so far apart are a tie (${DEFAULT-VALUE}).")
    double margin;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "JSON lines.")
    Path out = Path.of(".");

    @Override
    public Integer call() {
        if (!(margin >= 0) || Double.isInfinite(margin)) {
            throw new ArgumentException("--margin must be at least 0, is " + margin);
        }
        AtomicFile.requireWritable(out);
        ModelVotes rater =
                new ModelVotes(
                        definition(ResultJson.read(scores.resolve(ResultJson.FILE))),
                        pairing(),
                        margin);
        List<ObjectNode> votes = rater.read(scores, pictures, method);
        AtomicFile.write(
                out,
                file -> {
                    for (ObjectNode vote : votes) {
                        String line = Json.PLAIN.writeValueAsString(vote) + "\n";
                        file.write(line.getBytes(StandardCharsets.UTF_8));
                    }
                });
        print(votes, rater.rater());
        return ExitCodes.DONE;
    }

    private ModelVotes.Pairing pairing() {
        return switch (pairs) {
            case "all" -> ModelVotes.Pairing.ALL;
            case "extremes" -> ModelVotes.Pairing.EXTREMES;
            default ->
                    throw new ArgumentException("--pairs is all or extremes, not '" + pairs + "'");
        };
    }

    private Definition definition(Result result) {
        Definition found =
                result.definitions().stream()
                        .filter(one -> one.metric().equals(metric))
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        new ArgumentException(
                                                "%s has no metric '%s'; there are %s"
                                                        .formatted(scores, metric, names(result))));
        if (found.better().equals("neither")) {
            throw new ArgumentException(
                    "%s cannot vote: neither larger nor smaller is better".formatted(metric));
        }
        return found;
    }

    private static String names(Result result) {
        return String.join(
                ", ", result.definitions().stream().map(Definition::metric).distinct().toList());
    }

    private void print(List<ObjectNode> votes, String rater) {
        PrintWriter print =
                Objects.requireNonNull(spec, "picocli sets the spec").commandLine().getOut();
        long ties = votes.stream().filter(vote -> vote.path("tie").asBoolean()).count();
        print.printf("%d votes, %d of them ties, by %s%n", votes.size(), ties, rater);
        print.println(out);
        print.flush();
    }
}
