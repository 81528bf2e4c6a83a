package dev.stanstudio.web.generate;

import dev.stanstudio.web.library.AdapterCatalog;
import dev.stanstudio.web.library.ModelCache;
import dev.stanstudio.web.picture.Cells;
import dev.stanstudio.web.picture.Matrix;
import dev.stanstudio.web.picture.MatrixRequest;
import dev.stanstudio.web.picture.PictureFiles;
import dev.stanstudio.web.picture.PictureTable;
import dev.stanstudio.web.queue.PictureQueue;
import dev.stanstudio.web.queue.Workers;
import dev.stanstudio.web.server.StudioContext;
import java.time.Duration;
import java.util.List;

/** Everything behind the page, and the taking of orders. */
final class GenerateServices implements AutoCloseable {
    final StudioContext studio;
    final ModelCache room;
    final PictureTable table;
    final PictureQueue queue;
    final PictureFiles files;
    final AdapterCatalog shelf;
    final Sources sources;
    final Broadcast broadcast;
    final Workers workers;

    GenerateServices(StudioContext studio, Duration heartbeat) {
        this.studio = studio;
        this.room = new ModelCache(studio.work());
        this.table = new PictureTable(studio.database(), studio.clock());
        this.queue = new PictureQueue(studio.database(), studio.clock());
        this.files = new PictureFiles(studio.home());
        this.shelf = new AdapterCatalog(studio.home());
        this.sources = new Sources(files);
        this.broadcast = new Broadcast(studio);
        this.workers = new Workers(studio, room, broadcast, heartbeat);
    }

    void open() {
        broadcast.start();
        workers.start();
        if (studio.work().welcome() && table.newest(1).isEmpty()) {
            take("studio", MatrixRequests.welcome(room));
        }
    }

    /**
     * Puts an order's pictures into the queue.
     *
     * @throws dev.stanstudio.base.UserException if it cannot work
     */
    Matrix take(String owner, MatrixRequest order) {
        return take(owner, order, Cells.of(order, room.defaults(order.model())));
    }

    /** Puts {@code cells}, which are those of {@code order}, into the queue. */
    Matrix take(String owner, MatrixRequest order, List<Cells.Cell> cells) {
        return taken(table.add(owner, order, cells));
    }

    /** As {@link #take}, without offering the matrix on the page. */
    Matrix takeAside(String owner, MatrixRequest order, List<Cells.Cell> cells) {
        return taken(table.addAside(owner, order, cells));
    }

    private Matrix taken(Matrix matrix) {
        workers.wake();
        broadcast.changed();
        return matrix;
    }

    @Override
    public void close() {
        broadcast.close();
        workers.close();
        room.close();
    }
}
