package dev.stanstudio.scoring.report;

import dev.stanstudio.scoring.metric.Estimate;
import dev.stanstudio.scoring.score.Result;
import dev.stanstudio.scoring.score.Scoring;
import java.io.PrintWriter;
import java.util.Locale;

/** The means over all pictures, for people. */
record ResultText(PrintWriter out) {
    void print(Scoring.Outcome outcome) {
        Result result = outcome.result();
        out.printf(
                Locale.ROOT,
                "%,d pictures, %,d of them new to the cache%n",
                result.pictures(),
                outcome.computed());
        result.problemCounts().forEach((kind, count) -> out.println(count + " × " + kind));
        for (Result.Mean number : result.numbers()) {
            if (number.style() == null && number.over().equals("pictures")) {
                out.printf(
                        Locale.ROOT,
                        "%-16s %-24s %s%n",
                        number.method(),
                        number.metric(),
                        text(number.estimate()));
            }
        }
    }

    private static String text(Estimate estimate) {
        String value = String.format(Locale.ROOT, "%9.4f", estimate.value());
        String interval =
                estimate.low() == null || estimate.high() == null
                        ? ""
                        : String.format(
                                Locale.ROOT, " [%.4f, %.4f]", estimate.low(), estimate.high());
        return value + interval + "  N=" + estimate.n();
    }
}
