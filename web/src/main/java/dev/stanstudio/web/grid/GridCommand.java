package dev.stanstudio.web.grid;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.Progress;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.base.command.TerminalText;
import dev.stanstudio.sd3.generate.ModelOptions;
import dev.stanstudio.sd3.metadata.Provenance;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.sd3.pipeline.AdapterUse;
import dev.stanstudio.sd3.pipeline.GeneratedPicture;
import dev.stanstudio.sd3.pipeline.GenerationListener;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.pipeline.Sd3Pipeline;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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

/** {@code studio grid}: the pictures that methods are compared on. */
@Command(
        name = "grid",
        description = {
            "Make every prompt by every adapter from every seed, as a YAML file says.",
            "Stopped or killed, the same command goes on; 'studio score' reads the folder."
        },
        sortOptions = false)
public final class GridCommand implements StudioCommand {
    private static final String SHEET = "contact-sheet.png";

    @Spec @Nullable CommandSpec spec;

    @Parameters(paramLabel = "FILE.yaml", description = "The grid.")
    Path file = Path.of("grid.yaml");

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "Folder for the pictures, manifest.jsonl and the contact sheet.")
    Path out = Path.of(".");

    @Mixin ModelOptions model = new ModelOptions();

    private long done;

    @Override
    public Integer call() {
        Grid grid = GridFile.read(file);
        GridManifest manifest = GridManifest.open(out);
        try (ModelSource source = model.source(grid.model());
                Sd3Pipeline pipeline =
                        new Sd3Pipeline(Sd3Model.load(source, model.load(true, null)))) {
            make(grid, manifest, pipeline);
        }
        manifest.rewrite(grid.cells().stream().map(Grid.Cell::file).toList());
        GridSheet.draw(grid, out).writePng(out.resolve(SHEET));
        print().println(out.resolve(SHEET));
        print().flush();
        return ExitCodes.DONE;
    }

    private PrintWriter print() {
        return Objects.requireNonNull(spec, "picocli sets the spec").commandLine().getOut();
    }

    /** Cells of one method and pair. */
    private record Row(String method, GridPair pair) {}

    private void make(Grid grid, GridManifest manifest, Sd3Pipeline pipeline) {
        Map<Row, List<Grid.Cell>> rows = new LinkedHashMap<>();
        for (Grid.Cell cell : grid.cells()) {
            rows.computeIfAbsent(new Row(cell.method(), cell.pair()), row -> new ArrayList<>())
                    .add(cell);
        }
        Map<String, List<AdapterUse>> hashed = new LinkedHashMap<>();
        try (GridProgress progress = new GridProgress(grid.cells().size())) {
            rows.forEach((row, cells) -> make(grid, manifest, pipeline, cells, hashed, progress));
        }
    }

    private void make(
            Grid grid,
            GridManifest manifest,
            Sd3Pipeline pipeline,
            List<Grid.Cell> cells,
            Map<String, List<AdapterUse>> hashed,
            GridProgress progress) {
        Grid.Cell first = cells.get(0);
        List<AdapterUse> uses =
                hashed.computeIfAbsent(
                        first.method(),
                        method ->
                                GridAdapters.hashed(
                                        pipeline.model(),
                                        grid.adapters().getOrDefault(method, List.of()),
                                        this::note));
        List<Long> seeds = cells.stream().map(Grid.Cell::seed).toList();
        GenerationRequest all =
                grid.request(first.pair(), first.method(), seeds, pipeline.model().defaults());
        List<Grid.Cell> missing = new ArrayList<>();
        List<ObjectNode> plans = new ArrayList<>();
        for (Grid.Cell cell : cells) {
            ObjectNode plan =
                    GridManifest.plan(
                            cell,
                            all.withAdapters(uses),
                            pipeline.model().name(),
                            pipeline.model().fingerprint());
            if (manifest.has(plan)) {
                progress.done(++done, false);
            } else {
                missing.add(cell);
                plans.add(plan);
            }
        }
        if (missing.isEmpty()) {
            return;
        }
        List<Long> wanted = missing.stream().map(Grid.Cell::seed).toList();
        GenerationRequest request =
                grid.request(first.pair(), first.method(), wanted, pipeline.model().defaults());
        int[] next = {0};
        pipeline.generate(
                request,
                GenerationListener.SILENT,
                picture -> {
                    int index = next[0]++;
                    write(pipeline, picture, out.resolve(missing.get(index).file()));
                    manifest.add(plans.get(index));
                    progress.done(++done, true);
                });
    }

    private void note(String warning) {
        PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
        err.println("note: " + TerminalText.escaped(warning));
        err.flush();
    }

    private static void write(Sd3Pipeline pipeline, GeneratedPicture picture, Path target) {
        try {
            Files.createDirectories(Objects.requireNonNull(target.getParent()));
        } catch (IOException e) {
            throw new UserException("cannot make the folder of " + target, e);
        }
        Provenance.of(pipeline.model(), picture.request()).write(target, picture);
    }

    /** Shows pictures done, their rate and the time left on standard error. */
    private final class GridProgress implements AutoCloseable {
        private final Progress progress =
                new Progress(Objects.requireNonNull(spec).commandLine().getErr());
        private final long total;
        private long made;

        GridProgress(long total) {
            this.total = total;
            progress.begin("pictures", total);
        }

        void done(long count, boolean fresh) {
            progress.done(count);
            if (!fresh) {
                return;
            }
            made++;
            double rate = progress.rate(made);
            progress.line(
                    String.format(
                            Locale.ROOT,
                            "pictures: %d of %d, %.2f per second, %s left",
                            count,
                            total,
                            rate,
                            Progress.duration(total - count, rate)));
        }

        @Override
        public void close() {
            progress.close();
        }
    }
}
