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

/** Makes features in this process, each batch when it is asked for. */
public final class LocalExtractor implements FeatureExtractor {
    private final Map<TowerKind, ImageEmbedder> towers;

    /** Features by {@code towers}, which stay their owner's. */
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
    public FeatureRequest take(Path file, boolean lasting, Set<TowerKind> wanted) {
        return lasting ? FeatureRequest.byPath(file, wanted) : FeatureRequest.read(file, wanted);
    }

    @Override
    public Future<List<FeatureResult>> make(List<FeatureRequest> batch) {
        return CompletableFuture.completedFuture(FeatureBatch.see(towers, batch));
    }

    @Override
    public void close() {
        // What it uses is its owner's, and nothing runs between calls.
    }
}
