package dev.stanstudio.scoring.compute;

import dev.stanstudio.base.Sha256;
import dev.stanstudio.scoring.vision.ImageEmbedder;
import dev.stanstudio.scoring.vision.TowerKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/** Extracts features in this process, each batch within {@link #extract}. */
public final class LocalExtractor implements FeatureExtractor {
    private final Map<TowerKind, ImageEmbedder> towers;

    /** Uses {@code towers}, which the caller closes. */
    public LocalExtractor(Map<TowerKind, ImageEmbedder> towers) {
        this.towers = towers;
    }

    @Override
    public int filesAtOnce() {
        return 1;
    }

    @Override
    public int batchesAhead() {
        return 0;
    }

    @Override
    public List<String> hashes(List<Path> files) {
        return files.stream().map(Sha256::ofFile).toList();
    }

    @Override
    public FeatureRequest request(Path file, boolean lasting, Set<TowerKind> wanted) {
        return lasting ? FeatureRequest.byPath(file, wanted) : FeatureRequest.read(file, wanted);
    }

    @Override
    public Future<List<FeatureResult>> extract(List<FeatureRequest> batch) {
        return CompletableFuture.completedFuture(FeatureBatch.compute(towers, batch));
    }

    @Override
    public void close() {
        // The caller owns the towers, and nothing runs between calls.
    }
}
