package dev.stanstudio.sd3.generate;

import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.Sha256;
import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.function.LongConsumer;

/** Fetches wheels over HTTP; one that was fetched in part goes on where it stopped. */
final class WheelDownload {
    private static final int BUFFER = 1 << 20;
    private static final int PARTIAL = 206;
    private static final int OK = 200;

    private final HttpClient client =
            HttpClient.newBuilder()
                    .followRedirects(HttpClient.Redirect.NORMAL)
                    .connectTimeout(Duration.ofSeconds(30))
                    .build();

    /**
     * Fetches {@code wheel} into {@code folder} and checks it.
     *
     * @param progress receives the bytes that are there
     * @return the file
     * @throws UserException if it cannot be fetched, or is another file
     */
    Path fetch(Wheel wheel, Path folder, LongConsumer progress) {
        Path file = folder.resolve(wheel.file());
        try {
            long there = Files.exists(file) ? Files.size(file) : 0;
            if (there < wheel.bytes()) {
                receive(wheel, file, there, progress);
            }
        } catch (IOException e) {
            throw new UserException(
                    "%s was not fetched: %s. Give the same command again to go on, or fetch the wheels elsewhere and name their folder with --from"
                            .formatted(wheel.address(), AtomicFile.reason(e)),
                    e);
        }
        return checked(wheel, file);
    }

    private void receive(Wheel wheel, Path file, long there, LongConsumer progress)
            throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(wheel.address());
        if (there > 0) {
            request.header("Range", "bytes=%d-".formatted(there));
        }
        HttpResponse<InputStream> response = send(request.build());
        boolean goesOn = response.statusCode() == PARTIAL && there > 0;
        if (!goesOn && response.statusCode() != OK) {
            response.body().close();
            throw new IOException("the server answers " + response.statusCode());
        }
        try (InputStream in = response.body();
                OutputStream out =
                        Files.newOutputStream(
                                file,
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE,
                                goesOn
                                        ? StandardOpenOption.APPEND
                                        : StandardOpenOption.TRUNCATE_EXISTING)) {
            copy(in, out, goesOn ? there : 0, progress);
        }
    }

    private HttpResponse<InputStream> send(HttpRequest request) throws IOException {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("fetching");
        }
    }

    private static void copy(InputStream in, OutputStream out, long there, LongConsumer progress)
            throws IOException {
        byte[] buffer = new byte[BUFFER];
        long done = there;
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            if (Thread.currentThread().isInterrupted()) {
                throw new CancellationException("fetching");
            }
            out.write(buffer, 0, n);
            done += n;
            progress.accept(done);
        }
    }

    /**
     * Returns {@code file} if it is {@code wheel}; a file that is not is deleted only by the
     * caller.
     *
     * @throws UserException otherwise
     */
    static Path checked(Wheel wheel, Path file) {
        if (!Files.isRegularFile(file)) {
            throw new UserException(
                    "%s is not there; put all wheels that --list names into one folder"
                            .formatted(file));
        }
        if (!Sha256.ofFile(file).equals(wheel.sha256())) {
            throw new UserException(
                    "%s is not the wheel that is needed (its SHA-256 is not %s); delete it and fetch it again"
                            .formatted(file, wheel.sha256()));
        }
        return file;
    }
}
