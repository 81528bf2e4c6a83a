package dev.stanstudio.web.scores;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.UserException;
import dev.stanstudio.scoring.manifest.Manifest;
import dev.stanstudio.scoring.report.Reading;
import dev.stanstudio.scoring.report.Report;
import dev.stanstudio.web.home.StudioHome;
import dev.stanstudio.web.job.CollectionCatalog;
import dev.stanstudio.web.job.JobCommand;
import dev.stanstudio.web.job.JobKind;
import dev.stanstudio.web.job.JobRequest;
import dev.stanstudio.web.job.OrderedInput;
import dev.stanstudio.web.picture.GalleryFilter;
import dev.stanstudio.web.picture.GalleryTable;
import dev.stanstudio.web.picture.PictureFiles;
import dev.stanstudio.web.picture.PictureTable;
import dev.stanstudio.web.picture.StoredPicture;
import dev.stanstudio.web.server.FormValues;
import dev.stanstudio.web.server.StudioContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Reads the form of a scoring and makes its job. */
final class ScoreForm {
    /** Limit of gallery pictures in one scoring. */
    static final int MOST_PICTURES = 20_000;

    private static final int LONGEST = 200;

    private final StudioContext studio;
    private final CollectionCatalog collections;
    private final FormValues form;
    private final List<String> chosen;

    /**
     * @param chosen ids of pictures of the gallery; none for all of them
     */
    ScoreForm(
            StudioContext studio,
            CollectionCatalog collections,
            FormValues form,
            List<String> chosen) {
        this.studio = studio;
        this.collections = collections;
        this.form = form;
        this.chosen = List.copyOf(chosen);
    }

    /**
     * Returns the job, after linking the chosen pictures into its folder.
     *
     * @throws dev.stanstudio.base.UserException that says what to change
     */
    JobRequest request(String owner) {
        String name = UUID.randomUUID().toString();
        List<JobCommand> commands = new ArrayList<>();
        List<String> options = new ArrayList<>();
        if (!form.text("collection").isEmpty() || !form.text("folder").isEmpty()) {
            CollectionCatalog.Choice references =
                    collections.choose(form.text("collection"), form.text("folder"));
            commands.addAll(references.before());
            options.addAll(List.of("--references", references.path().toString()));
        }
        boolean grid = form.text("what").equals("grid");
        Path input = grid ? grid() : null;
        // Its lines name the adapters whose scores these are.
        List<OrderedInput> lists =
                input == null
                        ? List.of()
                        : List.of(OrderedInput.file(input.resolve(Manifest.FILE)));
        StudioHome home = studio.home();
        Path folder = home.subfolder("scores").resolve(name);
        String what = input == null ? "" : "the grid " + input.getFileName();
        boolean begun = false;
        try {
            if (input == null) {
                input = folder.resolve("pictures");
                List<StoredPicture> scored = pictures();
                ScoreSelection.write(input, scored, new PictureFiles(home));
                what = counted(scored);
            }
            noteAdapters(folder, input);
            begun = true;
        } finally {
            if (!begun) {
                ScoreSelection.delete(folder);
            }
        }
        commands.add(command(input, folder, options, lists));
        return new JobRequest(
                owner,
                JobKind.SCORING,
                title(what),
                commands,
                folder,
                ScorePages.ROOT + "/" + name);
    }

    private static void noteAdapters(Path folder, Path input) {
        try {
            AdapterScores.note(folder, input);
        } catch (IOException | UncheckedIOException e) {
            throw new UserException("cannot read " + input + ": " + e.getMessage(), e);
        }
    }

    private String counted(List<StoredPicture> pictures) {
        List<String> methods =
                pictures.stream().map(p -> p.subject().method()).distinct().sorted().toList();
        return (chosen.isEmpty() ? "the gallery: " : "")
                + Reading.pictures(pictures.size(), methods);
    }

    private String title(String what) {
        String given = form.text("title");
        if (given.length() > LONGEST) {
            throw new ArgumentException(
                    "the title must have at most %d characters".formatted(LONGEST));
        }
        String own = "Scores of " + what;
        return given.isEmpty() ? own.substring(0, Math.min(own.length(), LONGEST)) : given;
    }

    private JobCommand command(
            Path input, Path folder, List<String> options, List<OrderedInput> lists) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "score",
                                input.toString(),
                                "--out",
                                folder.toString(),
                                "--cache",
                                studio.home().folder().resolve("features").toString()));
        arguments.addAll(options);
        if (studio.work().device() != null) {
            arguments.addAll(List.of("--device", studio.work().device()));
        }
        return new JobCommand(arguments, folder.resolve(Report.FILE).toString(), false, lists);
    }

    private Path grid() {
        String text = form.text("grid");
        try {
            Path path = Path.of(text).toAbsolutePath().normalize();
            if (!text.isEmpty() && Files.isRegularFile(path.resolve(Manifest.FILE))) {
                return path;
            }
        } catch (InvalidPathException e) {
            // refused below
        }
        throw new ArgumentException(
                "'%s' is no folder with a %s, as studio grid makes it"
                        .formatted(text, Manifest.FILE));
    }

    private List<StoredPicture> pictures() {
        if (chosen.isEmpty()) {
            return new GalleryTable(studio.database()).newest(GalleryFilter.ALL, MOST_PICTURES);
        }
        List<String> ids = chosen.stream().distinct().toList();
        if (ids.size() > MOST_PICTURES) {
            throw new ArgumentException(
                    "%d pictures are chosen, and a scoring takes %d; choose fewer"
                            .formatted(ids.size(), MOST_PICTURES));
        }
        PictureTable table = new PictureTable(studio.database(), studio.clock());
        return table.find(ids).stream().filter(picture -> picture.state().isDone()).toList();
    }
}
