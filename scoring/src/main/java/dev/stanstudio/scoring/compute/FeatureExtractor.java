package dev.stanstudio.scoring.compute;

import dev.stanstudio.scoring.vision.TowerKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;

/**
 * Extracts features of pictures, on this machine or on others. A batch is computed as a whole and
 * independently of others, so the same batches have the same features. For one thread.
 */
public interface FeatureExtractor extends AutoCloseable {
    /** Returns the number of files that {@link #hashes} should be called with. */
    int filesAtOnce();

    /**
     * Returns the number of batches that should be dispatched before the first is awaited; 0 if
     * they do not overlap.
     */
    int batchesAhead();

    /**
     * Returns the SHA-256 of the files, in their order.
     *
     * @throws dev.stanstudio.base.UserException if one cannot be read
     */
    List<String> hashes(List<Path> files);

    /**
     * Returns a request for the features of a picture.
     *
     * @param lasting true if its file stays; otherwise it is read now
     */
    FeatureRequest request(Path file, boolean lasting, Set<TowerKind> towers);

    /** Starts a batch; the future returns the results of its requests, in their order. */
    Future<List<FeatureResult>> extract(List<FeatureRequest> batch);

    /** Cancels running batches and releases the resources. */
    @Override
    void close();
}
