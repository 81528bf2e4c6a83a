package dev.stanstudio.web.queue;

import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.sd3.metadata.Provenance;
import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.pipeline.Sd3Pipeline;
import dev.stanstudio.sd3.pipeline.WeightedAdapter;
import dev.stanstudio.web.home.Database;
import dev.stanstudio.web.home.Outage;
import dev.stanstudio.web.library.ModelCache;
import dev.stanstudio.web.picture.PictureFiles;
import dev.stanstudio.web.picture.PictureTable;
import dev.stanstudio.web.server.Problems;
import dev.stanstudio.web.server.StudioContext;
import io.micrometer.core.instrument.Metrics;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Draws pictures that turns claim from the queue. Thread-safe. */
final class PictureWorker {
    private final ModelCache models;
    private final PictureTable table;
    private final PictureQueue queue;
    private final PictureFiles files;
    private final PictureListener listener;
    private final Map<String, RunningPicture> drawings = new ConcurrentHashMap<>();
    private volatile boolean closing;

    PictureWorker(StudioContext studio, ModelCache models, PictureListener listener) {
        this.models = models;
        this.listener = listener;
        this.table = new PictureTable(studio.database(), studio.clock());
        this.queue = new PictureQueue(studio.database(), studio.clock());
        this.files = new PictureFiles(studio.home());
    }

    /** Asks every drawing to stop soon; their pictures go back into the queue. */
    void stop() {
        closing = true;
    }

    /** Cancels a picture if this process draws it. */
    void cancel(String id) {
        RunningPicture drawing = drawings.get(id);
        if (drawing != null) {
            drawing.cancel();
        }
    }

    /**
     * Draws the picture that the turn {@code token} claims.
     *
     * @throws CancellationException if the process is about to end; the picture waits again
     */
    void draw(String token) {
        if (closing) {
            throw new CancellationException("the studio is closing");
        }
        queue.claim(token).ifPresent(this::drawPicture);
    }

    private void drawPicture(String id) {
        RunningPicture drawing = new RunningPicture(id, queue, listener, () -> closing);
        drawings.put(id, drawing);
        listener.changed();
        long begin = System.nanoTime();
        String outcome = "failed";
        try {
            outcome =
                    new WorkerThread(drawing::isUnwanted, () -> closing)
                            .run(() -> attempt(id, drawing));
        } catch (WorkerThread.HangsException e) {
            outcome = "hangs";
            abandon(id, drawing);
        } catch (CancellationException e) {
            outcome = "given back";
            throw e; // the turn stays for the process that resumes it
        } catch (UserException e) {
            ended(() -> queue.fail(id, String.valueOf(e.getMessage())));
        } catch (RuntimeException | Error e) {
            if (Database.away(e)) {
                outcome = "given back";
                ended(() -> queue.giveBack(id));
                throw e;
            }
            String number = Problems.shared().report("picture " + id, e);
            String reason = "unexpected %s; the studio's log says more (%s)".formatted(e, number);
            ended(() -> queue.fail(id, reason));
        } finally {
            drawings.remove(id);
            Metrics.timer("studio.pictures", "outcome", outcome)
                    .record(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
            listener.changed();
        }
    }

    /** Abandons a drawing that does not stop; its thread runs until the process ends. */
    private void abandon(String id, RunningPicture drawing) {
        Problems.shared()
                .note(
                        "picture %s does not stop; its thread runs until the studio ends"
                                .formatted(id));
        if (drawing.isUnwanted()) {
            queue.stopped(id);
        } else {
            // It stays running in the database, where the process that begins it again counts that.
            throw new CancellationException("the studio is closing");
        }
    }

    private String attempt(String id, RunningPicture drawing) {
        try {
            Supplier<UserException> gone = () -> new UserException("there is no such picture");
            GenerationRequest request = table.request(id).orElseThrow(gone);
            String model = table.find(id).orElseThrow(gone).model();
            models.with(
                    model,
                    pipeline -> {
                        requireOrdered(model, id, pipeline);
                        generate(pipeline, id, request, drawing);
                    });
            ended(() -> queue.finish(id, drawing.remark()));
            return "done";
        } catch (CancellationException e) {
            if (!drawing.isUnwanted()) {
                // If this is not stored, it is begun again as one whose process died.
                boolean unused = Outage.done(() -> queue.giveBack(id));
                throw e;
            }
            ended(() -> queue.stopped(id));
            return "cancelled";
        }
    }

    /** Stores the end of a picture, as soon as the database is back if it is away. */
    private void ended(Runnable write) {
        Outage.outlast(write, () -> closing);
    }

    private void generate(
            Sd3Pipeline pipeline, String id, GenerationRequest request, RunningPicture drawing) {
        pipeline.generate(
                request,
                drawing,
                picture -> {
                    requireOrdered(request, picture.request());
                    Provenance.of(pipeline.model(), picture.request())
                            .write(files.png(id), picture);
                    measured(id, picture.request(), picture.picture());
                });
        files.thumbnail(id);
    }

    /** Stores the size of a picture that an upscaler made larger than it was ordered. */
    private void measured(String id, GenerationRequest request, Picture picture) {
        if (request.upscaler() != null) {
            ended(() -> queue.measured(id, picture.width(), picture.height()));
        }
    }

    /**
     * Refuses a model that was replaced while the picture waited: the pictures of a matrix would be
     * of two models under one name.
     */
    private void requireOrdered(String model, String id, Sd3Pipeline pipeline) {
        Sd3Model drawing = pipeline.model();
        if (table.fingerprint(id).filter(ordered -> !drawing.isOf(ordered)).isPresent()) {
            throw new UserException(
                    """
                    the model %s is not the one that was ordered: its weights or settings have changed since; \
                    put them back and draw this picture again, or order it anew\
                    """
                            .formatted(model));
        }
    }

    /**
     * Refuses a picture of an adapter that was replaced or edited while the picture waited: it
     * would stand under the name and the hash of the one that was ordered.
     */
    private static void requireOrdered(GenerationRequest ordered, GenerationRequest drawn) {
        for (int i = 0; i < ordered.adapters().size(); i++) {
            WeightedAdapter wanted = ordered.adapters().get(i);
            if (wanted.isReplacedBy(drawn.adapters().get(i))) {
                throw new UserException(
                        """
                        %s is not the adapter that was ordered: its tensors or settings have \
                        changed since; put it back and draw this picture again, or order it anew\
                        """
                                .formatted(wanted.path()));
            }
        }
    }
}
