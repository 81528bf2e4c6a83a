package dev.stanstudio.scoring.report;

import dev.stanstudio.base.MethodNames;
import dev.stanstudio.scoring.metric.Estimate;
import dev.stanstudio.scoring.score.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The STAN paper's Table 6. It gives a CLIP-Score and a DINO-Score without saying what they are;
 * two readings fit its numbers, and both are shown: 2.5 · cosine of picture and prompt, or the mean
 * cosine of picture and reference pictures. Beside them stand the published numbers of the paper
 * and of the project's README, which differ.
 */
final class PaperTable {
    private static final List<String> METHODS = List.of("none", "lora", "stan");

    /** CLIP and DINO by method, as printed in the paper and in the README. */
    private static final List<List<String>> PAPER =
            List.of(
                    List.of("0.5572", "0.3383"),
                    List.of("0.6509", "0.4142"),
                    List.of("0.6694", "0.4283"));

    private static final List<List<String>> README =
            List.of(
                    List.of("0.6556", "0.4134"),
                    List.of("0.6645", "0.4244"),
                    List.of("0.6694", "0.4283"));

    private PaperTable() {}

    static Page.Table of(Result result) {
        List<List<Page.Cell>> rows = new ArrayList<>();
        List<String> methods = new ArrayList<>(result.methods());
        methods.sort((a, b) -> Integer.compare(place(a), place(b)));
        for (String method : methods) {
            int place = METHODS.indexOf(method.toLowerCase(Locale.ROOT));
            rows.add(
                    List.of(
                            Page.Cell.of(MethodNames.shown(method)),
                            ScoreFormat.cell(mean(result, "clip_s", method)),
                            ScoreFormat.cell(mean(result, "clip_i_style", method)),
                            ScoreFormat.cell(mean(result, "dino_style", method)),
                            published(PAPER, place),
                            published(README, place)));
        }
        return new Page.Table(
                "Table 6, in both readings",
                "The published numbers are of Stable Diffusion 3 on another collection, by networks"
                        + " and definitions that the paper does not name; they stand here to be"
                        + " read beside, not to be met. DINO reads no text, so only the second"
                        + " reading has a DINO-Score.",
                List.of(
                        "method",
                        "CLIP as 2.5·cos(picture, prompt): clip_s",
                        "CLIP as cos(picture, references): clip_i_style",
                        "DINO as cos(picture, references): dino_style",
                        "paper: CLIP, DINO",
                        "README: CLIP, DINO"),
                rows);
    }

    private static int place(String method) {
        int place = METHODS.indexOf(method.toLowerCase(Locale.ROOT));
        return place < 0 ? METHODS.size() : place;
    }

    private static Page.Cell published(List<List<String>> table, int place) {
        return Page.Cell.of(place < 0 ? "" : String.join(", ", table.get(place)));
    }

    private static @Nullable Estimate mean(Result result, String metric, String method) {
        Result.Mean mean = result.number(metric, method, null);
        return mean == null ? null : mean.estimate();
    }
}
