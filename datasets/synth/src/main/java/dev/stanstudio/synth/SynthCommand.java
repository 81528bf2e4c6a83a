package dev.stanstudio.synth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.Progress;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.synth.paint.ArtStyle;
import dev.stanstudio.synth.scene.SceneKind;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code studio dataset synth}: the procedural collection as an image folder or a contact sheet.
 */
@Command(
        name = "synth",
        description = "Draw the procedural collection: scenes in many styles, with captions.")
public final class SynthCommand implements StudioCommand {
    private static final String ALL = "all";
    private static final String UNSEEN = "unseen";
    private static final int MAX_COUNT = 1_000_000;

    @Spec @Nullable CommandSpec spec;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Folder for the pictures and metadata.jsonl; an interrupted run continues.")
    @Nullable Path out;

    @Option(
            names = "--contact-sheet",
            paramLabel = "FILE.png",
            description = "Draw a labelled table instead: a row per style, a column per scene.")
    @Nullable Path sheet;

    @Option(names = "--count", paramLabel = "N", description = "Pictures (${DEFAULT-VALUE}).")
    int count = 1000;

    @Option(names = "--seed", paramLabel = "N", description = "Seed (${DEFAULT-VALUE}).")
    long seed;

    @Option(
            names = "--size",
            paramLabel = "PX",
            description = "Pixels a side, a multiple of 16 up to 1024 (${DEFAULT-VALUE}).")
    int size = SynthSpec.DEFAULT_SIZE;

    @Option(
            names = "--styles",
            paramLabel = "A,B",
            split = ",",
            description =
                    "Styles; all that sd3-nano draws; or unseen, those it never saw"
                            + " (${DEFAULT-VALUE}).")
    List<String> styles = List.of(ALL);

    @Option(
            names = "--scenes",
            paramLabel = "A,B",
            split = ",",
            description = "Kinds of scene, or all (${DEFAULT-VALUE}).")
    List<String> scenes = List.of(ALL);

    @Option(names = "--threads", paramLabel = "N", description = "Threads (one per processor).")
    int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--json", description = "Print the result as JSON.")
    boolean json;

    @Override
    public String parent() {
        return "dataset";
    }

    @Override
    public Integer call() throws JsonProcessingException {
        SynthSpec wanted = wanted();
        if ((out == null) == (sheet == null)) {
            throw new ArgumentException("give either --out DIR or --contact-sheet FILE.png");
        }
        if (sheet != null) {
            drawSheet(wanted, sheet);
        } else {
            writeFolder(wanted, Objects.requireNonNull(out));
        }
        return ExitCodes.DONE;
    }

    private SynthSpec wanted() {
        requireBetween("--count", count, MAX_COUNT);
        requireBetween("--threads", threads, 1024);
        try {
            return new SynthSpec(
                    size, named("--scenes", scenes, SceneKind.values(), SceneKind::id), styles());
        } catch (IllegalArgumentException e) {
            throw new ArgumentException("--size: " + e.getMessage(), e);
        }
    }

    private List<ArtStyle> styles() {
        if (styles.contains(ALL)) {
            return ArtStyle.taught();
        }
        return styles.contains(UNSEEN)
                ? ArtStyle.unseen()
                : named("--styles", styles, ArtStyle.values(), ArtStyle::id);
    }

    private static void requireBetween(String option, int value, int most) {
        if (value < 1 || value > most) {
            throw new ArgumentException(
                    "%s %s is not between 1 and %s".formatted(option, value, most));
        }
    }

    private static <T> List<T> named(
            String option, List<String> names, T[] values, Function<T, String> id) {
        if (names.contains(ALL)) {
            return List.of(values);
        }
        return names.stream().map(name -> named(option, name.strip(), values, id)).toList();
    }

    /**
     * The style of that name.
     *
     * @param option what the name was given for, in the message
     */
    public static ArtStyle style(String option, String name) {
        return named(option, name.strip(), ArtStyle.values(), ArtStyle::id);
    }

    private static <T> T named(String option, String name, T[] values, Function<T, String> id) {
        String plain = name.toLowerCase(Locale.ROOT).replace(' ', '-');
        Stream<T> all = Arrays.stream(values);
        return all.filter(value -> id.apply(value).equals(plain))
                .findFirst()
                .orElseThrow(
                        () ->
                                new ArgumentException(
                                        "%s %s is unknown; there are %s"
                                                .formatted(
                                                        option,
                                                        name,
                                                        Arrays.stream(values)
                                                                .map(id)
                                                                .collect(
                                                                        Collectors.joining(
                                                                                ", ")))));
    }

    private void drawSheet(SynthSpec wanted, Path file) throws JsonProcessingException {
        ContactSheet.draw(wanted, seed).writePng(file);
        ObjectNode result = Json.PLAIN.createObjectNode();
        result.put("file", file.toString());
        result.put("styles", wanted.styles().size()).put("scenes", wanted.scenes().size());
        print(result, "contact sheet: " + file);
    }

    private void writeFolder(SynthSpec wanted, Path folder) throws JsonProcessingException {
        SynthFolder target = new SynthFolder(folder, new SynthCollection(wanted), seed);
        SynthFolder.Report report;
        try (Progress progress = new Progress(commandLine().getErr())) {
            progress.phase("drawing the collection");
            progress.begin("drawing", count);
            report = target.write(count, threads, progress::doneInTenths);
        }
        ObjectNode result = Json.PLAIN.createObjectNode();
        result.put("folder", folder.toString());
        result.put("written", report.written()).put("kept", report.kept());
        print(
                result,
                "%s pictures drawn, %s were there already: %s"
                        .formatted(report.written(), report.kept(), folder));
    }

    private void print(ObjectNode result, String line) throws JsonProcessingException {
        PrintWriter printer = commandLine().getOut();
        printer.println(json ? Json.PLAIN.writeValueAsString(result) : line);
        printer.flush();
    }

    private picocli.CommandLine commandLine() {
        return Objects.requireNonNull(spec, "picocli sets the spec").commandLine();
    }
}
