package dev.stanstudio.web.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.sd3.model.ModelDefaults;
import dev.stanstudio.sd3.pipeline.ImageInput;
import dev.stanstudio.sd3.pipeline.SamplingOptions;
import dev.stanstudio.web.home.Database;
import dev.stanstudio.web.home.StudioHome;
import dev.stanstudio.web.matrix.Method;
import dev.stanstudio.web.server.StudioContext;
import dev.stanstudio.web.testing.SetClock;
import dev.stanstudio.web.testing.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Orders, boards, the bin and scores on the databases themselves. */
class GalleryTableTest {
    private static final ModelDefaults DEFAULTS = ModelDefaults.of(64);

    @TempDir Path folder;

    /** A database with pictures of the seeds 0 … 6, all finished. */
    private final class FilledGallery {
        final StudioHome home = new StudioHome(folder);
        final SetClock clock = new SetClock();
        final Database database;
        final PictureTable table;
        final GalleryTable gallery;
        final BoardTable boards;

        FilledGallery(Database database) {
            this.database = database;
            table = new PictureTable(database, clock);
            gallery = new GalleryTable(database);
            boards = new BoardTable(database, clock);
            add(List.of(0L, 1L, 2L, 3L, 4L, 5L, 6L), false);
        }

        Bin bin(PictureFiles files) {
            return new Bin(table, files, new InputPictures(home, clock), clock);
        }

        void add(List<Long> seeds, boolean trial) {
            add(seeds, null, trial);
        }

        void add(List<Long> seeds, @Nullable ImageInput image, boolean trial) {
            MatrixRequest request =
                    new MatrixRequest(
                            "m",
                            List.of("a boat"),
                            List.of(),
                            List.of(Method.NONE),
                            seeds,
                            "",
                            64,
                            64,
                            SamplingOptions.of(DEFAULTS),
                            image);
            if (trial) {
                table.addHidden("a", request, DEFAULTS, null);
            } else {
                table.add("a", request, DEFAULTS);
            }
            // Two and two are finished at the same time.
            database.jdbi()
                    .useHandle(
                            h ->
                                    h.execute(
                                            "UPDATE picture SET state = 'done',"
                                                    + " finished_at = 1000 + seed / 2"));
        }

        String id(long seed) {
            return gallery.newest(GalleryFilter.ALL, 100).stream()
                    .filter(picture -> picture.subject().seed() == seed)
                    .findFirst()
                    .orElseThrow()
                    .id();
        }

        /** Every picture, fetched two at a time. */
        List<Long> pages(GalleryOrder order) {
            List<Long> seeds = new ArrayList<>();
            @Nullable String after = null;
            GalleryQuery query = new GalleryQuery(GalleryFilter.ALL, order);
            for (int page = 0; page < 5; page++) {
                for (StoredPicture picture : gallery.page(query, after, 2)) {
                    seeds.add(picture.subject().seed());
                    after = picture.id();
                }
            }
            return seeds;
        }
    }

    private void with(TestDatabase kind, Consumer<FilledGallery> test) {
        Path file = new StudioHome(folder).databaseFile();
        try (Database database = Database.open(kind.newUrl(folder), file)) {
            test.accept(new FilledGallery(database));
        }
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void pagesShowEveryPictureOnceInEachOrder(TestDatabase kind) {
        with(
                kind,
                filled -> {
                    filled.table.star(filled.id(1), true);
                    filled.table.star(filled.id(4), true);
                    for (GalleryOrder order : GalleryOrder.values()) {
                        List<Long> seeds = filled.pages(order);
                        assertEquals(7, seeds.size(), order + ": " + seeds);
                        assertEquals(7, seeds.stream().distinct().count(), order + ": " + seeds);
                    }
                    assertEquals(6L, filled.pages(GalleryOrder.NEWEST).get(0));
                    List<Long> oldest = filled.pages(GalleryOrder.OLDEST).subList(0, 2);
                    assertEquals(List.of(0L, 1L), sorted(oldest));
                    assertEquals(List.of(4L, 1L), filled.pages(GalleryOrder.STARRED).subList(0, 2));
                });
    }

    private static List<Long> sorted(List<Long> seeds) {
        return seeds.stream().sorted().toList();
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void boardsCountWhatTheFilterLeaves(TestDatabase kind) {
        with(
                kind,
                filled -> {
                    Board board = filled.boards.named(" Poster ");
                    assertEquals(board, filled.boards.named("Poster"));
                    filled.boards.put(board, List.of(filled.id(1), filled.id(2), "nobody"));
                    filled.boards.put(board, List.of(filled.id(1)));
                    GalleryFilter on = GalleryFilter.ALL.withBoard(board.id());
                    assertEquals(2, filled.gallery.count(on));
                    filled.table.star(filled.id(1), true);
                    assertEquals(
                            Map.of(board.id(), 1),
                            filled.gallery.boards(GalleryFilter.ALL.withStarred(true)));
                    filled.boards.take(board, List.of(filled.id(2)));
                    assertEquals(1, filled.gallery.count(on));
                    filled.boards.named("Other");
                    assertThrows(
                            ArgumentException.class, () -> filled.boards.rename(board, "Other"));
                    assertThrows(ArgumentException.class, () -> filled.boards.named(" "));
                    filled.boards.delete(board);
                    assertEquals(7, filled.gallery.count(GalleryFilter.ALL));
                });
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void theBinKeepsPicturesForSevenDays(TestDatabase kind) {
        with(
                kind,
                filled -> {
                    PictureFiles files = new PictureFiles(filled.home);
                    Bin bin = filled.bin(files);
                    String id = filled.id(3);
                    filled.boards.put(filled.boards.named("Poster"), List.of(id));
                    filled.table.delete(List.of(id), true);
                    filled.clock.move(Duration.ofDays(7).minusMinutes(90));
                    bin.sweep();
                    assertEquals("1 hour", bin.left(filled.table.find(id).orElseThrow()));
                    assertEquals(1, filled.gallery.binnedCount());
                    filled.clock.move(Duration.ofHours(2));
                    bin.sweep();
                    assertEquals(0, filled.gallery.binnedCount());
                    assertEquals(6, filled.gallery.count(GalleryFilter.ALL));
                });
    }

    private Path upload(int tone) {
        byte[] samples = new byte[16 * 16 * 3];
        Arrays.fill(samples, (byte) tone);
        Path file = folder.resolve("upload-" + tone + ".png");
        Picture.of(16, 16, PixelMode.RGB, samples).writePng(file);
        return file;
    }

    /** Returns the hashes of the files below a folder, without using them. */
    private static Set<String> stored(FilledGallery filled, String name) {
        try (Stream<Path> files = Files.walk(filled.home.subfolder(name))) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString().replace(".png", ""))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ImageInput input(InputPictures inputs, String picture, String mask) {
        return new ImageInput(
                inputs.find(picture).orElseThrow().toString(),
                picture,
                inputs.find(mask).orElseThrow().toString(),
                mask,
                0.5);
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void inputsThatNothingRefersToGoWithTheBin(TestDatabase kind) {
        with(
                kind,
                filled -> {
                    InputPictures inputs = new InputPictures(filled.home, filled.clock);
                    Bin bin = filled.bin(new PictureFiles(filled.home));
                    String used = inputs.add(upload(10));
                    String mask = inputs.addMask(upload(200));
                    String seen = inputs.add(upload(20));
                    String left = inputs.add(upload(30));
                    assertTrue(inputs.thumbnail(left).isPresent());
                    filled.add(List.of(7L), input(inputs, used, mask), false);

                    filled.clock.move(Duration.ofDays(7).minusMinutes(1));
                    bin.sweep();
                    assertEquals(Set.of(used, mask, seen, left), stored(filled, "inputs"));
                    assertTrue(inputs.find(seen).isPresent());
                    filled.clock.move(Duration.ofMinutes(2));
                    bin.sweep();
                    assertEquals(Set.of(used, mask, seen), stored(filled, "inputs"));
                    assertEquals(Set.of(), stored(filled, "thumbnails/inputs"));
                    assertTrue(inputs.find(left).isEmpty());

                    filled.clock.move(Duration.ofDays(8));
                    assertEquals(seen, inputs.add(upload(20)), "it is brought again");
                    bin.empty();
                    assertEquals(Set.of(used, mask, seen), stored(filled, "inputs"));
                    filled.clock.move(Duration.ofDays(8));
                    bin.empty();
                    assertEquals(Set.of(used, mask), stored(filled, "inputs"));

                    // A picture in the bin keeps them, its matrix or not, until it is forgotten.
                    filled.database
                            .jdbi()
                            .useHandle(h -> h.execute("UPDATE matrix SET settings = '{}'"));
                    filled.table.delete(List.of(filled.id(7)), true);
                    bin.sweep();
                    assertEquals(Set.of(used, mask), stored(filled, "inputs"));
                    bin.empty();
                    assertEquals(Set.of(), stored(filled, "inputs"));
                });
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void aPictureThatIsRestoredMeanwhileIsNotForgotten(TestDatabase kind) {
        with(
                kind,
                filled -> {
                    String id = filled.id(3);
                    filled.table.delete(List.of(id), true);
                    assertEquals(List.of(id), filled.table.deletedBefore(Long.MAX_VALUE));
                    filled.table.delete(List.of(id), false);
                    assertFalse(filled.table.forget(id, Long.MAX_VALUE));
                    assertEquals(7, filled.gallery.count(GalleryFilter.ALL));
                    filled.table.delete(List.of(id), true);
                    assertTrue(filled.table.forget(id, Long.MAX_VALUE));
                    assertEquals(6, filled.gallery.count(GalleryFilter.ALL));
                });
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void lettersBeyondAsciiAreFoundAsTheyAreTyped(TestDatabase kind) {
        with(
                kind,
                filled -> {
                    filled.table.note(filled.id(3), "École du Ciel, 100%");
                    for (String words : List.of("École", "cole DU ciel", "Ciel, 100%")) {
                        GalleryFilter search =
                                new GalleryFilter(null, null, words, false, null, false);
                        assertEquals(1, filled.gallery.count(search), words);
                    }
                    GalleryFilter other =
                            new GalleryFilter(null, null, "Écale", false, null, false);
                    assertEquals(0, filled.gallery.count(other));
                });
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void theNewestScoringOrdersPicturesAndTrialsStandApart(TestDatabase kind) {
        with(
                kind,
                filled -> {
                    filled.add(List.of(7L), true);
                    assertEquals(7, filled.gallery.count(GalleryFilter.ALL));
                    assertEquals(1, filled.gallery.count(GalleryFilter.ALL.withTrials(true)));
                    StudioContext studio =
                            new StudioContext(filled.home, filled.database, filled.clock);
                    ReadScores scores = new ReadScores(studio);
                    scores.read();
                    assertFalse(filled.gallery.scored());
                    write(filled, "one", filled.id(2), 0.25);
                    write(filled, "one", filled.id(5), 0.31);
                    scores.read();
                    assertTrue(filled.gallery.scored());
                    assertEquals(
                            List.of(5L, 2L, 6L), filled.pages(GalleryOrder.SCORE).subList(0, 3));
                });
    }

    private static void write(FilledGallery filled, String name, String id, double score) {
        Path lines = filled.home.subfolder("scores/" + name).resolve("pictures.jsonl");
        String line =
                "{\"file\":\"%s.png\",\"scores\":{\"clip_t\":%s,\"clip_s\":0.5}}\n"
                        .formatted(id, score);
        try {
            Files.writeString(lines, (Files.exists(lines) ? Files.readString(lines) : "") + line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
