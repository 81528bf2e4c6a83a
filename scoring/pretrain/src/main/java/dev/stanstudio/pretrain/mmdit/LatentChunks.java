package dev.stanstudio.pretrain.mmdit;

import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.pretrain.NanoShapes;
import dev.stanstudio.pretrain.PictureSource;
import dev.stanstudio.pretrain.vae.Reconstruction;
import dev.stanstudio.safetensors.SafetensorsWriter;
import dev.stanstudio.safetensors.StoredType;
import dev.stanstudio.safetensors.TensorCollection;
import dev.stanstudio.safetensors.TensorSource;
import dev.stanstudio.sd3.checkpoint.TensorFiles;
import dev.stanstudio.sd3.vae.Vae;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;

/**
 * Latents of pictures, encoded once and kept on disk in files of {@value #CHUNK} in fp16, so that
 * an interrupted encoding resumes. A file of other pictures or another autoencoder, by {@code
 * identity}, is made anew.
 *
 * @param folder of the files
 * @param identity of pictures and autoencoder
 * @param vae encodes; its normalised means are kept
 * @param threads that draw and encode side by side
 */
record LatentChunks(Path folder, String identity, Vae vae, int threads) {
    private static final int CHUNK = 1000;
    private static final int BATCH = 20;
    private static final String IDENTITY = "latents.identity";
    private static final String LATENTS = "latents";

    /** Latents [count, C, H, W] of pictures 0 … count − 1; {@code count} divisible by 1000. */
    Tensor load(Scope scope, PictureSource source, int count, LongConsumer progress) {
        makeFolder();
        try (Scope local = Scope.open("latents");
                TensorFiles files = new TensorFiles()) {
            List<Tensor> parts = new ArrayList<>();
            for (int from = 0; from < count; from += CHUNK) {
                Path file =
                        folder.resolve(
                                String.format(Locale.ROOT, "latents-%06d.safetensors", from));
                if (!isCurrent(file)) {
                    write(file, source, from);
                }
                parts.add(files.open(local, TensorCollection.open(file).tensor(LATENTS)));
                progress.accept(from + CHUNK);
            }
            return Tensors.concat(scope, parts, 0);
        }
    }

    private void makeFolder() {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UserException(
                    "the folder " + folder + " cannot be made: " + AtomicFile.reason(e), e);
        }
    }

    private boolean isCurrent(Path file) {
        return Files.exists(file)
                && identity.equals(
                        TensorCollection.open(file).files().get(0).metadata().get(IDENTITY));
    }

    private void write(Path file, PictureSource source, int from) {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<byte[]>> running = new ArrayList<>();
            for (int i = from; i < from + CHUNK; i += BATCH) {
                int first = i;
                running.add(pool.submit(() -> encode(source, first)));
            }
            ByteBuffer all = null;
            for (Future<byte[]> future : running) {
                byte[] part = future.get();
                all = all == null ? ByteBuffer.allocate(part.length * running.size()) : all;
                all.put(part);
            }
            save(file, all == null ? ByteBuffer.allocate(0) : all.flip());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("encoding latents");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause
                    ? cause
                    : new IllegalStateException(e.getCause());
        } finally {
            pool.shutdownNow();
        }
    }

    private void save(Path file, ByteBuffer bytes) {
        int side = NanoShapes.SIDE / vae.config().factor();
        List<Long> shape =
                List.of(
                        (long) CHUNK,
                        (long) vae.config().latentChannels(),
                        (long) side,
                        (long) side);
        SafetensorsWriter.write(
                file,
                Map.of(IDENTITY, identity),
                List.of(
                        new SafetensorsWriter.Tensor(
                                LATENTS, StoredType.F16, shape, TensorSource.of(bytes))));
    }

    private byte[] encode(PictureSource source, int first) {
        List<Picture> pictures = new ArrayList<>();
        for (int i = first; i < first + BATCH; i++) {
            pictures.add(source.picture(i));
        }
        try (Scope scope = Scope.open("encode")) {
            Tensor latents = Reconstruction.latents(scope, vae, pictures);
            return Tensors.to(scope, latents, Device.CPU, DType.FP16).toBytes();
        }
    }
}
