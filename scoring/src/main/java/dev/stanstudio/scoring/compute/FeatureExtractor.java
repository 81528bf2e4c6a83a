package dev.stanstudio.scoring.compute;

import dev.stanstudio.scoring.vision.TowerKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;

/**
 * Makes features of pictures, on this machine or on others. A batch is computed at once and by
 * itself wherever that is, so the same batches have the same features. For one thread.
 */
public interface FeatureExtractor extends AutoCloseable {
    /** Files that {@link #hashes} should be asked for at a time. */
    int filesAtOnce();

    /** Batches that should wait or run before the first is waited for; 0 if they do not overlap. */
    int batchesAhead();

    /**
     * SHA-256 of the files, in their order.
     *
     * @throws dev.stanstudio.base.UserException if one cannot be read
     */
    List<String> hashes(List<Path> files);

    /**
     * Takes up a picture of a batch to come.
     *
     * @param lasting whether its file stays; it is read now if not
     */
    FeatureRequest take(Path file, boolean lasting, Set<TowerKind> towers);

    /** Begins with a batch; gives what the towers saw in its pictures, in their order. */
    Future<List<FeatureResult>> make(List<FeatureRequest> batch);

    /** Ends what still runs. */
    @Override
    void close();
}
