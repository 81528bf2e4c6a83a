package dev.stanstudio.sd3.generate;

import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.FolderLock;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.command.Progress;
import dev.stanstudio.engine.CudaLibraries;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks the CUDA build of libtorch from Python wheels into a folder, of which it takes the
 * libraries, their licences and the file that states the version. A wheel that was fetched is
 * deleted once it is unpacked, and a note in the folder says so to the next try. The folder counts
 * once its last file is there.
 *
 * @param folder of the result
 * @param wheels all that are needed
 */
record CudaInstall(Path folder, List<Wheel> wheels) {
    private static final Pattern TAKEN =
            Pattern.compile(
                    "(torch|nvidia/\\w+|cusparselt)/lib/[^/]+\\.so(\\.[\\w.]+)?"
                            + "|torch/version\\.py"
                            + "|[^/]+\\.dist-info/(?:licenses/.*)?(?i:licen[cs]e|notice)[^/]*");

    /** Returns the bytes that are fetched in all. */
    long bytes() {
        return wheels.stream().mapToLong(Wheel::bytes).sum();
    }

    /** Returns the bytes of the largest wheel, which is beside its libraries for a while. */
    long largest() {
        return wheels.stream().mapToLong(Wheel::bytes).max().orElse(0);
    }

    private Path parts() {
        return folder.resolveSibling(folder.getFileName() + ".part");
    }

    /**
     * Fetches, checks and unpacks.
     *
     * @param from a folder that holds the wheels already, or null to fetch them
     * @throws UserException if a wheel is missing or another file, or the folder cannot be written
     */
    void install(@Nullable Path from, Progress progress) {
        try (FolderLock lock = FolderLock.ofFixed(parts(), "setup of CUDA")) {
            WheelDownload download = new WheelDownload();
            progress.phase(from == null ? "fetching" : "unpacking");
            progress.begin("wheels", bytes() >> 20);
            long before = 0;
            for (Wheel wheel : wheels) {
                long start = before;
                if (from != null) {
                    unpack(WheelDownload.checked(wheel, from.resolve(wheel.file())));
                } else if (!Files.exists(unpackedNote(wheel))) {
                    Path file =
                            download.fetch(
                                    wheel, parts(), done -> progress.done((start + done) >> 20));
                    unpack(file);
                    Files.createFile(unpackedNote(wheel));
                    Files.delete(file);
                }
                before += wheel.bytes();
                progress.done(before >> 20);
            }
            finish();
        } catch (IOException e) {
            throw new UserException(
                    "%s cannot be filled: %s".formatted(folder, AtomicFile.reason(e)), e);
        }
    }

    /** A file that is there once all of a wheel is unpacked. */
    private Path unpackedNote(Wheel wheel) {
        return folder.resolve(wheel.file() + ".unpacked");
    }

    private void unpack(Path wheel) throws IOException {
        boolean libraries = false;
        try (ZipFile zip = new ZipFile(wheel.toFile())) {
            for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
                ZipEntry entry = all.nextElement();
                if (TAKEN.matcher(entry.getName()).matches() && !entry.getName().contains("..")) {
                    libraries |= entry.getName().contains("/lib/");
                    unpack(zip, entry);
                }
            }
        }
        if (!libraries) {
            throw new UserException(wheel + " holds no libraries where they are looked for");
        }
    }

    private void unpack(ZipFile zip, ZipEntry entry) throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("unpacking");
        }
        Path target = folder.resolve(entry.getName());
        if (Files.exists(target) && Files.size(target) == entry.getSize()) {
            return;
        }
        Files.createDirectories(target.getParent());
        try (var in = zip.getInputStream(entry)) {
            Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private void finish() throws IOException {
        Path libraries = CudaLibraries.libraries(folder);
        for (String needed : List.of("libtorch_cpu.so", "libtorch_cuda.so", "libc10_cuda.so")) {
            if (!Files.exists(libraries.resolve(needed))) {
                throw new UserException(
                        "the wheels hold no %s; they are not those of torch %s with CUDA"
                                .formatted(needed, CudaLibraries.VERSION));
            }
        }
        String names = String.join("\n", wheels.stream().map(Wheel::file).toList());
        byte[] text = (names + "\n").getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(folder.resolve(CudaLibraries.COMPLETE), out -> out.write(text));
        delete(parts());
        for (Wheel wheel : wheels) {
            Files.deleteIfExists(unpackedNote(wheel));
        }
    }

    /** Deletes everything; nothing happens where there is nothing. */
    void remove() {
        try {
            Files.deleteIfExists(folder.resolve(CudaLibraries.COMPLETE));
            delete(folder);
            delete(parts());
        } catch (IOException e) {
            throw new UserException(
                    "%s cannot be deleted: %s".formatted(folder, AtomicFile.reason(e)), e);
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
