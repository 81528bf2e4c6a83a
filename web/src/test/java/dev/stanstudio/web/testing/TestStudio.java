package dev.stanstudio.web.testing;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.web.home.Database;
import dev.stanstudio.web.home.StudioHome;
import dev.stanstudio.web.server.ServerSettings;
import dev.stanstudio.web.server.StudioContext;
import dev.stanstudio.web.server.StudioServer;
import dev.stanstudio.web.study.source.Sources;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.study.store.StudyRequestBuilder;
import dev.stanstudio.web.study.store.StudyStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Random;

/** A whole studio of its own: home, database, server on a free port. */
public final class TestStudio implements AutoCloseable {
    public static final List<String> METHODS = List.of("LowRank", "SparseStan", "Untrained");

    /** The untrained method's pictures are smooth, those of SparseStan the roughest. */
    private static final int[] ROUGHNESS = {40, 90, 0};

    private final Path folder;
    public final StudioContext studio;
    public final StudioServer server;
    public final StudyStore store;

    public TestStudio(Path folder, TestDatabase database, Clock clock) {
        this(folder, database.newUrl(folder), clock, "");
    }

    public TestStudio(Path folder, String url, Clock clock, String password) {
        this.folder = folder;
        StudioHome home = new StudioHome(folder);
        this.studio = new StudioContext(home, Database.open(url, home.databaseFile()), clock);
        this.server = StudioServer.start(new ServerSettings("127.0.0.1", 0, password), studio);
        this.store = new StudyStore(studio);
    }

    /**
     * Pictures of {@code cells} prompts by every method: noise, so that sizes differ by content.
     */
    public Path pictures(int cells, int side) throws IOException {
        Path pictures = folder.resolve("pictures-" + cells + "-" + side);
        for (int m = 0; m < METHODS.size(); m++) {
            Path own = Files.createDirectories(pictures.resolve(METHODS.get(m)));
            for (int cell = 0; cell < cells; cell++) {
                Path file = own.resolve("a_red_boat_" + cell + ".png");
                Files.deleteIfExists(file);
                paint(m, cell, side).writePng(file);
            }
        }
        return pictures;
    }

    /** The later the method, the rougher the picture, and the larger its file. */
    private static Picture paint(int method, int cell, int side) {
        Random random = new Random(cell);
        byte[] samples = new byte[side * side * 3];
        for (int i = 0; i < samples.length; i++) {
            int x = i / 3 % side;
            int y = i / 3 / side;
            int tone = (x * (3 + cell % 5) + y * (7 - cell % 4)) * 255 / (10 * side);
            samples[i] = (byte) (tone + random.nextInt(1 + ROUGHNESS[method]));
        }
        return Picture.of(side, side, PixelMode.RGB, samples);
    }

    public Study study(StudyRequestBuilder request, int cells) throws IOException {
        return request.build().make(store, Sources.read(pictures(cells, 48)));
    }

    public String address(String path) {
        return server.address() + path;
    }

    @Override
    public void close() {
        server.close();
        studio.database().close();
    }
}
