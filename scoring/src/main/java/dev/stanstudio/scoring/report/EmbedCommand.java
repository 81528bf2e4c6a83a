package dev.stanstudio.scoring.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.engine.PeakMemory;
import dev.stanstudio.scoring.compute.LocalExtractor;
import dev.stanstudio.scoring.manifest.PictureList;
import dev.stanstudio.scoring.score.FeatureTable;
import dev.stanstudio.scoring.score.ScoreListener;
import dev.stanstudio.scoring.score.ScoreModelOptions;
import dev.stanstudio.scoring.score.ScoreProgress;
import dev.stanstudio.scoring.vision.Towers;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes features of pictures as a file ({@code studio embed}). */
@Command(
        name = "embed",
        description = "Write the features that CLIP, DINO and the others have of pictures.",
        sortOptions = false)
public final class EmbedCommand implements StudioCommand {
    private static final double NANOS = 1e9;

    @Spec @Nullable CommandSpec spec;

    @Parameters(
            paramLabel = "PATH",
            description = "Folder, manifest.jsonl or webdataset tar with pictures.")
    Path input = Path.of("");

    @Mixin ScoreModelOptions models = new ScoreModelOptions();

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "Pictures that go through a network at once (${DEFAULT-VALUE}).")
    int batch = 32;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description =
                    "A safetensors file with [N, d] per network, in fp32 and not normalised, and"
                            + " the pictures' names in its metadata (${DEFAULT-VALUE}).")
    Path out = Path.of("features.safetensors");

    @Option(names = "--json", description = "Print rate and memory as JSON.")
    boolean json;

    @Override
    public Integer call() {
        PrintWriter err =
                Objects.requireNonNull(spec, "picocli sets the spec").commandLine().getErr();
        PictureList list = PictureList.open(input, new PictureList.Defaults("pictures", null));
        AtomicFile.requireWritable(out);
        long start = System.nanoTime();
        try (Towers towers = models.plan().open();
                ScoreProgress progress = new ScoreProgress(err)) {
            double load = (System.nanoTime() - start) / NANOS;
            Rate rate = new Rate(progress);
            FeatureTable table = new FeatureTable(new LocalExtractor(towers.images()), batch, rate);
            table.read(list, towers.images().keySet());
            progress.close();
            table.problems().forEach(p -> err.println("studio: " + p.where() + ": " + p.what()));
            err.flush();
            if (table.size() == 0) {
                throw new UserException("there is no picture that can be read in " + input);
            }
            table.write(out, towers.images());
            print(table.size(), load, rate);
        }
        return ExitCodes.DONE;
    }

    /** Pictures a second after the first batch, in which weights are read and Java warms up. */
    private static final class Rate implements ScoreListener {
        private final ScoreListener next;
        private final long begin = System.nanoTime();
        private long firstDone;
        private long firstAt = begin;
        private long done;
        private long at = begin;

        Rate(ScoreListener next) {
            this.next = next;
        }

        @Override
        public void onStage(String what, long total) {
            next.onStage(what, total);
        }

        @Override
        public void onDone(long count) {
            done = count;
            at = System.nanoTime();
            if (firstDone == 0) {
                firstDone = count;
                firstAt = at;
            }
            next.onDone(count);
        }

        double seconds() {
            return (at - begin) / NANOS;
        }

        double perSecond() {
            return at > firstAt ? (done - firstDone) * NANOS / (at - firstAt) : done / seconds();
        }
    }

    private void print(int pictures, double load, Rate rate) {
        PrintWriter print =
                Objects.requireNonNull(spec, "picocli sets the spec").commandLine().getOut();
        Map<String, Object> numbers = new LinkedHashMap<>();
        numbers.put("pictures", pictures);
        numbers.put("load_seconds", load);
        numbers.put("seconds", rate.seconds());
        numbers.put("pictures_per_second", rate.perSecond());
        PeakMemory.megabytes().ifPresent(peak -> numbers.put("peak_rss_mb", peak));
        if (json) {
            print.println(text(numbers));
        } else {
            print.printf(
                    Locale.ROOT,
                    "%s: %,d pictures, %.1f per second%n",
                    out,
                    pictures,
                    rate.perSecond());
        }
        print.flush();
    }

    private static String text(Map<String, Object> numbers) {
        try {
            return Json.PLAIN.writeValueAsString(numbers);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
