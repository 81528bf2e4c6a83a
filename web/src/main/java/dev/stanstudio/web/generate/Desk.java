package dev.stanstudio.web.generate;

import dev.stanstudio.web.adapters.AdapterShelf;
import dev.stanstudio.web.picture.Cells;
import dev.stanstudio.web.picture.Matrix;
import dev.stanstudio.web.picture.MatrixOrder;
import dev.stanstudio.web.picture.PictureFiles;
import dev.stanstudio.web.picture.PictureTable;
import dev.stanstudio.web.queue.PictureQueue;
import dev.stanstudio.web.queue.Workers;
import dev.stanstudio.web.server.Studio;
import dev.stanstudio.web.work.ModelRoom;
import java.time.Duration;
import java.util.List;

/** Everything behind the page, and the taking of orders. */
final class Desk implements AutoCloseable {
    final Studio studio;
    final ModelRoom room;
    final PictureTable table;
    final PictureQueue queue;
    final PictureFiles files;
    final AdapterShelf shelf;
    final Sources sources;
    final Broadcast broadcast;
    final Workers workers;

    Desk(Studio studio, Duration heartbeat) {
        this.studio = studio;
        this.room = new ModelRoom(studio.work());
        this.table = new PictureTable(studio.database(), studio.clock());
        this.queue = new PictureQueue(studio.database(), studio.clock());
        this.files = new PictureFiles(studio.home());
        this.shelf = new AdapterShelf(studio.home());
        this.sources = new Sources(files);
        this.broadcast = new Broadcast(studio);
        this.workers = new Workers(studio, room, broadcast, heartbeat);
    }

    void open() {
        broadcast.start();
        workers.start();
        if (studio.work().welcome() && table.newest(1).isEmpty()) {
            take("studio", Orders.welcome(room));
        }
    }

    /**
     * Puts an order's pictures into the queue.
     *
     * @throws dev.stanstudio.datasets.UserException if it cannot work
     */
    Matrix take(String owner, MatrixOrder order) {
        return take(owner, order, Cells.of(order, room.defaults(order.model())));
    }

    /** Puts {@code cells}, which are those of {@code order}, into the queue. */
    Matrix take(String owner, MatrixOrder order, List<Cells.Cell> cells) {
        return taken(table.add(owner, order, cells));
    }

    /** As {@link #take}, without offering the matrix on the page. */
    Matrix takeAside(String owner, MatrixOrder order, List<Cells.Cell> cells) {
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
