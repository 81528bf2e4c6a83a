package dev.stanstudio.adapter.merge;

import dev.stanstudio.adapter.file.AdapterFile;
import dev.stanstudio.adapter.file.Warnings;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.sd3.pipeline.WeightedAdapter;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code studio adapter experiment merging}: what is left of experts that are merged. */
@Command(
        name = "merging",
        description =
                "Tell how much of each adapter is left when the first 2, 5, 10, 20 … of them are"
                        + " merged, by every method.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class MergingCommand implements StudioCommand {
    private static final List<Integer> USUAL = List.of(2, 5, 10, 20);

    @Spec private CommandSpec spec;

    @Parameters(
            paramLabel = "ADAPTER[=WEIGHT]",
            arity = "2..*",
            description = "Adapters of one model; LoRAs, AdaLoRAs, SoRAs and sparse masks.")
    private List<String> adapters;

    @Option(
            names = "--counts",
            split = ",",
            paramLabel = "N",
            description = "How many of them to merge (default: 2, 5, 10, 20 and all).")
    private @Nullable List<Integer> counts;

    @Option(
            names = "--density",
            paramLabel = "X",
            defaultValue = "0.2",
            description = "ties: share of each change that is kept (default: ${DEFAULT-VALUE}).")
    private double density;

    @Option(names = "--json", description = "Print everything as JSON.")
    private boolean json;

    @Override
    public String parent() {
        return "adapter experiment";
    }

    @Override
    public Integer call() {
        List<WeightedAdapter> uses =
                adapters.stream()
                        .map(WeightedAdapter::parse)
                        .map(WeightedAdapter::withoutBlocks)
                        .toList();
        List<AdapterFile> files = new ArrayList<>();
        try {
            uses.forEach(use -> files.add(AdapterFile.open(use.toPath())));
            files.forEach(f -> Warnings.leftOut(spec.commandLine().getErr(), f));
            MergeStudy study =
                    new MergeStudy(
                            IntStream.range(0, files.size())
                                    .mapToObj(i -> new Expert(files.get(i), uses.get(i).weight()))
                                    .toList());
            List<MergeStudy.Row> rows = new ArrayList<>();
            for (MergeMethod.Rule rule : MergeMethod.Rule.values()) {
                rows.addAll(study.measure(new MergeMethod(rule, 1, density), counts()));
            }
            print(rows);
        } finally {
            files.forEach(AdapterFile::close);
        }
        return ExitCodes.DONE;
    }

    private List<Integer> counts() {
        int all = adapters.size();
        return counts != null
                ? counts
                : Stream.concat(USUAL.stream().filter(n -> n < all), Stream.of(all)).toList();
    }

    private void print(List<MergeStudy.Row> rows) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.pretty(Json.SNAKE_CASE, rows));
        } else {
            out.printf("%-16s %7s %12s %12s %6s%n", "", "experts", "mean cosine", "least", "size");
            for (MergeStudy.Row row : rows) {
                out.printf(
                        Locale.ROOT,
                        "%-16s %7d %12.4f %12.4f %6.3f%n",
                        row.rule(),
                        row.experts(),
                        row.meanCosine(),
                        row.leastCosine(),
                        row.size());
            }
        }
        out.flush();
    }
}
