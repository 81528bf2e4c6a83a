package dev.stanstudio.adapter.analysis;

import dev.stanstudio.adapter.file.AdapterFile;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code studio adapter check}: the conditions of the STAN paper's appendix A, layer by layer. */
@Command(
        name = "check",
        description = "Say how far a STAN is from features that can be identified (appendix A).")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class CheckCommand implements StudioCommand {
    private static final String ROW = "%-42s %6s %9s %12s %12s %9s %12s %12s %12s %11s %8s%n";

    private static final String MATCH = "%-42s %6s %12s %12s %9s %14s%n";

    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "ADAPTER", description = "A STAN: the folder that train wrote.")
    private Path path;

    @Option(
            names = "--against",
            paramLabel = "OTHER",
            description =
                    "A STAN of the same model, such as one from another seed: how far its features"
                            + " are the same (theorem 2).")
    private @Nullable Path against;

    @Option(names = "--json", description = "Print everything as JSON.")
    private boolean json;

    @Override
    public String parent() {
        return "adapter";
    }

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try (AdapterFile file = AdapterFile.open(path)) {
            if (against == null) {
                show(out, LayerCheck.of(file), CheckCommand::print);
            } else {
                match(out, file, against);
            }
        }
        out.flush();
        return ExitCodes.DONE;
    }

    private void match(PrintWriter out, AdapterFile file, Path otherPath) {
        try (AdapterFile other = AdapterFile.open(otherPath)) {
            show(out, LayerMatch.of(file, other), CheckCommand::printMatches);
        }
    }

    private <T> void show(PrintWriter out, List<T> rows, BiConsumer<PrintWriter, List<T>> asTable) {
        if (json) {
            out.println(Json.pretty(Json.PLAIN, rows));
        } else {
            asTable.accept(out, rows);
        }
    }

    private static void printMatches(PrintWriter out, List<LayerMatch> matches) {
        out.printf(MATCH, "layer", "l", "best cosine", "by chance", "mutual", "cosine >= 0.9");
        for (LayerMatch match : matches) {
            out.printf(
                    MATCH,
                    match.layer().replace("transformer_blocks.", ""),
                    match.features(),
                    number(match.meanBest()),
                    number(match.chance()),
                    percent(match.mutual()),
                    percent(match.same()));
        }
        out.println();
        out.println(
                "Theorem 2: where appendix A's conditions hold, every feature has one in the other"
                        + " STAN with cosine 1.");
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    private static void print(PrintWriter out, List<LayerCheck> checks) {
        out.printf(
                ROW,
                "layer",
                "l",
                "carriers",
                "margin min",
                "margin med",
                "margin>0",
                "|DEe-e| mean",
                "|DEe-e| max",
                "|dWe-e| mean",
                "|EE'-I|",
                "/sqrt l");
        for (LayerCheck check : checks) {
            out.printf(
                    ROW,
                    check.layer().replace("transformer_blocks.", ""),
                    check.features(),
                    check.carriers(),
                    number(check.smallestMargin()),
                    number(check.medianMargin()),
                    percent(check.positiveMargins()),
                    number(check.meanIdentityError()),
                    number(check.largestIdentityError()),
                    number(check.layerError()),
                    number(check.orthonormality()),
                    number(check.relativeOrthonormality()));
        }
        out.println();
        out.println(
                "Sufficient, not necessary: margin (eq. 9) above 0 for every input coordinate,"
                        + " |DEe-e| (eq. 10) and |EE'-I| (eq. 11) at 0. |dWe-e| is what the layer"
                        + " itself makes of a coordinate (eq. 13); features are ranked as the"
                        + " layer ranks them.");
    }

    private static String number(@Nullable Double value) {
        return value == null ? "-" : String.format(Locale.ROOT, "%.4g", value);
    }
}
