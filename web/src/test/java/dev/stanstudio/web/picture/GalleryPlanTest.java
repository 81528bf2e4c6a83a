package dev.stanstudio.web.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.sd3.model.ModelDefaults;
import dev.stanstudio.sd3.pipeline.SamplingOptions;
import dev.stanstudio.web.home.Database;
import dev.stanstudio.web.home.StudioHome;
import dev.stanstudio.web.matrix.Method;
import dev.stanstudio.web.testing.SetClock;
import dev.stanstudio.web.testing.TestDatabase;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Asks SQLite by which way it finds pictures, so that large galleries are not read row by row. */
class GalleryPlanTest {
    private static final ModelDefaults DEFAULTS = ModelDefaults.of(64);
    private static final GalleryQuery ALL =
            new GalleryQuery(GalleryFilter.ALL, GalleryOrder.NEWEST);

    @TempDir Path folder;

    private final List<String> asked = new ArrayList<>();
    private Database database;
    private GalleryTable gallery;
    private PictureTable table;

    @BeforeEach
    void open() {
        database =
                Database.open(
                        TestDatabase.SQLITE.newUrl(folder), new StudioHome(folder).databaseFile());
        gallery = new GalleryTable(database);
        table = new PictureTable(database, new SetClock());
        database.jdbi()
                .setSqlLogger(
                        new SqlLogger() {
                            @Override
                            public void logAfterExecution(StatementContext context) {
                                asked.add(Objects.requireNonNull(context.getParsedSql()).getSql());
                            }
                        });
    }

    @AfterEach
    void close() {
        database.close();
    }

    /** Returns the steps by which SQLite answers the queries that {@code action} makes. */
    private List<String> steps(Runnable action) throws SQLException {
        asked.clear();
        action.run();
        List<String> steps = new ArrayList<>();
        List<String> queries = List.copyOf(asked);
        try (Handle h = database.jdbi().open()) {
            for (String sql : queries) {
                explain(h, sql, steps);
            }
        }
        assertFalse(steps.isEmpty());
        return steps;
    }

    private static void explain(Handle h, String sql, List<String> steps) throws SQLException {
        String question = "EXPLAIN QUERY PLAN " + sql;
        try (PreparedStatement query = h.getConnection().prepareStatement(question)) {
            for (int i = 1; i <= query.getParameterMetaData().getParameterCount(); i++) {
                query.setNull(i, Types.VARCHAR);
            }
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    steps.add(rows.getString("detail"));
                }
            }
        }
    }

    @Test
    void countsAreMadeFromTheIndexAlone() throws SQLException {
        List<String> steps =
                steps(
                        () -> {
                            gallery.count(GalleryFilter.ALL.withStarred(true));
                            gallery.count(GalleryFilter.ALL.withTrials(true));
                            gallery.styles(GalleryFilter.ALL.withMethod("m"));
                            gallery.methods(GalleryFilter.ALL.withStyle("woodcut"));
                            gallery.boards(GalleryFilter.ALL);
                            gallery.binnedCount();
                        });
        List<String> pictures = steps.stream().filter(step -> step.contains(" p ")).toList();
        assertEquals(6, pictures.size(), steps.toString());
        for (String step : pictures) {
            assertTrue(step.contains("COVERING INDEX picture_in_gallery"), steps.toString());
        }
    }

    @Test
    void aPageBeginsWhereTheOneBeforeEnded() throws SQLException {
        for (GalleryOrder order : List.of(GalleryOrder.NEWEST, GalleryOrder.OLDEST)) {
            GalleryQuery query = new GalleryQuery(GalleryFilter.ALL, order);
            List<String> steps = steps(() -> gallery.page(query, "some id", 60));
            String side = order == GalleryOrder.NEWEST ? "finished_at<?" : "finished_at>?";
            assertTrue(steps.get(0).contains("picture_in_gallery"), steps.toString());
            assertTrue(steps.get(0).contains(side), steps.toString());
            assertFalse(steps.toString().contains("ORDER BY"), "nothing is sorted: " + steps);
        }
        assertFalse(steps(() -> gallery.page(ALL, null, 60)).toString().contains("ORDER BY"));
    }

    @Test
    void scoresAndTheSamplesOfAdaptersAreLookedUp() throws SQLException {
        String scored = steps(gallery::scored).toString();
        assertTrue(scored.contains("picture_with_score"), scored);
        String sample = steps(() -> new AdapterPictures(database).sample("a", "b")).toString();
        assertTrue(sample.contains("picture_by_method (method=?"), sample);
    }

    @Test
    void manyPicturesAreFoundByFewQueriesInTheGivenOrder() {
        List<Long> seeds = LongStream.range(0, 1_001).boxed().toList();
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
                        null);
        Matrix matrix = table.add("a", request, DEFAULTS);
        List<String> ids =
                new ArrayList<>(
                        table.ofMatrix(matrix.id()).stream().map(StoredPicture::id).toList());
        Collections.reverse(ids);
        List<String> wanted = new ArrayList<>(ids);
        wanted.add(3, "nobody");
        asked.clear();
        assertEquals(ids, table.find(wanted).stream().map(StoredPicture::id).toList());
        assertEquals(3, asked.size());
    }
}
