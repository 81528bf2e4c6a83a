package dev.stanstudio.scoring.compute;

import dev.stanstudio.base.Sha256;
import dev.stanstudio.base.Uninterrupted;
import dev.stanstudio.base.UserException;
import dev.stanstudio.scoring.vision.EmbedderId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.StringDataType;
import org.jspecify.annotations.Nullable;

/**
 * Stores feature vectors on disk, by the SHA-256 of a picture's file and by everything else that
 * they depend on ({@link EmbedderId}). A killed program loses the vectors since the last {@link
 * #commit} and nothing else. Memory does not grow with the number of vectors. One program at a time
 * uses a cache; within it, one thread.
 */
public final class FeatureCache implements AutoCloseable {
    private static final String FILE = "features.mv";
    private static final int CACHE_MIB = 16;

    /** Bytes of a store's head, which it writes twice before all else. */
    private static final int HEAD_BYTES = 2 * 4096;

    /** Bytes behind a vector: its check value, and one that makes the length no multiple of 4. */
    private static final int CHECK_BYTES = Integer.BYTES + 1;

    private final Path file;
    private final MVStore store;
    private final MVMap<String, String> sizes;
    private final Map<EmbedderId, MVMap<String, byte[]>> maps = new HashMap<>();

    private FeatureCache(Path file, MVStore store) {
        this.file = file;
        this.store = store;
        sizes =
                store.openMap(
                        "sizes",
                        new MVMap.Builder<String, String>()
                                .keyType(StringDataType.INSTANCE)
                                .valueType(StringDataType.INSTANCE));
    }

    /**
     * Opens the cache in {@code folder}, which is created if it is missing.
     *
     * @throws UserException if another program uses it, or it is damaged
     */
    public static FeatureCache open(Path folder) {
        Path file = folder.resolve(FILE);
        try {
            Files.createDirectories(folder);
            MVStore.Builder builder =
                    new MVStore.Builder()
                            .fileName(file.toAbsolutePath().toString())
                            .cacheSize(CACHE_MIB)
                            .autoCommitDisabled();
            return of(file, open(builder, file));
        } catch (MVStoreException e) {
            boolean locked = e.getErrorCode() == DataUtils.ERROR_FILE_LOCKED;
            throw locked
                    ? new UserException(
                            "%s is in use by another scoring; wait for it, or give this one a folder of its own with --cache"
                                    .formatted(file),
                            e)
                    : damaged(file, e);
        } catch (IllegalArgumentException | NullPointerException e) {
            throw damaged(file, e);
        } catch (IOException e) {
            throw new UserException(
                    "the folder " + folder + " cannot be made; choose another with --cache", e);
        }
    }

    /** A store that was stopped while it was made holds no vector, and is made anew. */
    private static MVStore open(MVStore.Builder builder, Path file) throws IOException {
        try {
            return builder.open();
        } catch (MVStoreException e) {
            boolean begun = Files.isRegularFile(file) && Files.size(file) < HEAD_BYTES;
            if (e.getErrorCode() == DataUtils.ERROR_FILE_LOCKED || !begun) {
                throw e;
            }
            Files.delete(file);
            return builder.open();
        }
    }

    /**
     * Returns the vector of a picture; null if it is missing or damaged.
     *
     * @param sha256 of the picture's file, 64 hexadecimal digits
     */
    public float @Nullable [] get(EmbedderId embedder, String sha256) {
        byte[] bytes = guarded(() -> Optional.ofNullable(map(embedder).get(sha256))).orElse(null);
        if (bytes == null) {
            return null;
        }
        // Vectors of earlier versions have no check value.
        boolean checked = bytes.length % Float.BYTES != 0;
        int length = checked ? bytes.length - CHECK_BYTES : bytes.length;
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (checked && (length < 0 || buffer.getInt(length) != check(sha256, bytes, length))) {
            return null;
        }
        float[] vector = new float[length / Float.BYTES];
        buffer.asFloatBuffer().get(vector);
        return vector;
    }

    /** Returns the check value of a vector; the store itself only checks the heads of its pages. */
    private static int check(String sha256, byte[] bytes, int length) {
        CRC32 sum = new CRC32();
        sum.update(sha256.getBytes(StandardCharsets.US_ASCII));
        sum.update(bytes, 0, length);
        return (int) sum.getValue();
    }

    /** Runs an action on pages, whose damage only shows when they are read. */
    private <T> T guarded(Supplier<T> action) {
        try {
            return action.get();
        } catch (MVStoreException e) {
            if (e.getErrorCode() == DataUtils.ERROR_WRITING_FAILED) {
                throw e;
            }
            throw damaged(file, e);
        } catch (IllegalArgumentException e) {
            throw damaged(file, e);
        }
    }

    private static FeatureCache of(Path file, MVStore store) {
        try {
            return new FeatureCache(file, store);
        } catch (MVStoreException | IllegalArgumentException e) {
            store.closeImmediately();
            throw damaged(file, e);
        }
    }

    private static UserException damaged(Path file, RuntimeException e) {
        return new UserException(file + " is damaged; delete it, features are computed again", e);
    }

    /** Stores a vector; it is safe after the next {@link #commit}. */
    public void put(EmbedderId embedder, String sha256, float[] vector) {
        int length = vector.length * Float.BYTES;
        ByteBuffer bytes = ByteBuffer.allocate(length + CHECK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        bytes.putInt(length, check(sha256, bytes.array(), length));
        guarded(() -> Optional.ofNullable(map(embedder).put(sha256, bytes.array())));
    }

    /** Stores a picture's size. */
    public void putSize(String sha256, int width, int height) {
        guarded(() -> Optional.ofNullable(sizes.put(sha256, width + "×" + height)));
    }

    /** Returns width×height of a picture with stored features; empty if there are none. */
    public String size(String sha256) {
        return guarded(() -> Optional.ofNullable(sizes.get(sha256))).orElse("");
    }

    /** Writes all changes since the last commit, whole or not at all. */
    public void commit() {
        guarded(
                () -> {
                    Uninterrupted.run(store::commit);
                    return Optional.empty();
                });
    }

    private MVMap<String, byte[]> map(EmbedderId embedder) {
        return maps.computeIfAbsent(
                embedder,
                id ->
                        store.openMap(
                                name(id),
                                new MVMap.Builder<String, byte[]>()
                                        .keyType(StringDataType.INSTANCE)
                                        .valueType(ByteArrayDataType.INSTANCE)));
    }

    /** Returns the name of a map. The name of the model is not part of it, its fingerprint is. */
    private static String name(EmbedderId id) {
        String words =
                String.join(
                        "\n",
                        id.tower().network(),
                        id.tower().fingerprint(),
                        id.tower().precision(),
                        id.preprocessing());
        return Sha256.of(words);
    }

    @Override
    public void close() {
        Uninterrupted.run(store::close);
    }
}
