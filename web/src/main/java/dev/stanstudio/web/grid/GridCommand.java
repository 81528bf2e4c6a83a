package dev.stanstudio.web.grid;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.Closing;
import dev.stanstudio.base.FolderLock;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.Progress;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.base.command.TerminalText;
import dev.stanstudio.sd3.generate.ModelOptions;
import dev.stanstudio.sd3.metadata.Provenance;
import dev.stanstudio.sd3.model.LoadOptions;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.sd3.pipeline.GeneratedPicture;
import dev.stanstudio.sd3.pipeline.GenerationListener;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.pipeline.Sd3Pipeline;
import dev.stanstudio.sd3.pipeline.WeightedAdapter;
import dev.stanstudio.web.matrix.Enlargement;
import dev.stanstudio.web.matrix.MatrixCell;
import dev.stanstudio.web.matrix.MatrixRow;
import dev.stanstudio.web.matrix.Method;
import dev.stanstudio.web.matrix.PictureSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Implements {@code studio grid}: the pictures that methods are compared on. */
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

    /**
     * Refuses a grid that cannot be read, without drawing it.
     *
     * @param file where it is going to lie
     * @param content its keys
     * @throws UserException that names the file and the key
     */
    public static void check(Path file, JsonNode content) {
        GridFile.of(file, content);
    }

    /** Returns the contents of the prompts of a grid, without their styles. */
    public static Set<String> contents(Path file, JsonNode content) {
        return GridFile.of(file, content).matrix().rows().stream()
                .map(MatrixRow::content)
                .collect(Collectors.toSet());
    }

    @Override
    public Integer call() {
        Grid grid = GridFile.read(file);
        try (FolderLock unused = FolderLock.of(out, "grid")) {
            make(grid);
        }
        print().println(out.resolve(SHEET));
        print().flush();
        return ExitCodes.DONE;
    }

    private void make(Grid grid) {
        GridManifest manifest = GridManifest.open(out);
        try (DeviceWorkers workers = workers(grid)) {
            make(grid, manifest, workers);
        }
        manifest.rewrite(grid.cells().stream().map(MatrixCell::file).toList());
        GridSheet.draw(grid, out).writePng(out.resolve(SHEET));
        EqualMethods.notes(grid.cells(), out).forEach(this::note);
    }

    private DeviceWorkers workers(Grid grid) {
        List<Sd3Pipeline> pipelines = new ArrayList<>();
        try {
            for (LoadOptions load : model.loads(true)) {
                ModelSource source = model.source(grid.model());
                pipelines.add(new Sd3Pipeline(Sd3Model.load(source, load)));
            }
            return new DeviceWorkers(pipelines);
        } catch (RuntimeException | Error e) {
            pipelines.forEach(pipeline -> Closing.after(e, pipeline));
            throw e;
        }
    }

    private PrintWriter print() {
        return Objects.requireNonNull(spec, "picocli sets the spec").commandLine().getOut();
    }

    /** Makes the cells of one method and row at a time, which differ in their seeds alone. */
    private void make(Grid grid, GridManifest manifest, DeviceWorkers workers) {
        Sd3Pipeline pipeline = workers.first();
        List<MatrixCell> cells = grid.cells();
        int seeds = grid.alike();
        GridControls controls = grid.controls().identified(pipeline::identified);
        PictureSettings common =
                grid.settings(pipeline.model().defaults())
                        .enlargedBy(identified(grid.enlargement(), pipeline));
        Function<MatrixCell, PictureSettings> settings =
                cell -> common.controlledBy(controls.of(cell.by()));
        Map<Method, List<WeightedAdapter>> hashed =
                GridAdapters.hashed(
                        pipeline.model(),
                        cells.stream().map(cell -> method(cell, settings.apply(cell))),
                        this::note);
        GridReferences references = grid.references().identified(pipeline::identified);
        try (GridProgress progress = new GridProgress(cells.size())) {
            workers.run(
                    cells.size() / seeds,
                    (drawing, number) -> {
                        List<MatrixCell> row = cells.subList(number * seeds, (number + 1) * seeds);
                        PictureSettings own = settings.apply(row.get(0));
                        List<WeightedAdapter> uses =
                                hashed.getOrDefault(method(row.get(0), own), List.of());
                        UnaryOperator<GenerationRequest> added =
                                request ->
                                        request.withAdapters(uses)
                                                .withIpAdapter(references.of(row.get(0)));
                        make(row, own, added, grid.training(), manifest, drawing, progress);
                    },
                    this::note);
        }
    }

    private static Enlargement identified(Enlargement given, Sd3Pipeline pipeline) {
        return new Enlargement(
                pipeline.identified(given.hires()), pipeline.identified(given.upscaler()));
    }

    private static Method method(MatrixCell cell, PictureSettings settings) {
        return cell.variation(settings).method();
    }

    private void make(
            List<MatrixCell> cells,
            PictureSettings settings,
            UnaryOperator<GenerationRequest> added,
            @Nullable String training,
            GridManifest manifest,
            Sd3Pipeline pipeline,
            GridProgress progress) {
        List<MatrixCell> missing = new ArrayList<>();
        List<ObjectNode> plans = new ArrayList<>();
        for (MatrixCell cell : cells) {
            ObjectNode plan =
                    GridManifest.plan(
                            cell, added.apply(cell.request(settings)), training, pipeline.model());
            if (manifest.has(plan)) {
                progress.done(false);
            } else {
                missing.add(cell);
                plans.add(plan);
            }
        }
        if (missing.isEmpty()) {
            return;
        }
        MatrixCell first = missing.get(0);
        List<Long> seeds = missing.stream().map(MatrixCell::seed).toList();
        int[] next = {0};
        GenerationRequest request = added.apply(first.request(settings, seeds));
        pipeline.generate(
                request,
                GenerationListener.SILENT,
                picture -> {
                    GridAdapters.requireUnchanged(request.adapters(), picture.request().adapters());
                    int index = next[0]++;
                    write(pipeline, picture, out.resolve(missing.get(index).file()));
                    manifest.add(plans.get(index));
                    progress.done(true);
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
        private long count;
        private long made;

        GridProgress(long total) {
            this.total = total;
            progress.begin("pictures", total);
        }

        synchronized void done(boolean fresh) {
            progress.done(++count);
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
