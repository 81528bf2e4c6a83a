package dev.stanstudio.sd3.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.stanstudio.base.FolderLock;
import dev.stanstudio.base.Sha256;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.command.Progress;
import dev.stanstudio.engine.CudaLibraries;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small wheels of the real ones' layout, served over HTTP by a server that breaks off. */
class CudaInstallTest {
    private static final String TORCH = "torch-2.7.1-cp310-cp310-manylinux_2_28_x86_64.whl";
    private static final String CUDNN = "nvidia_cudnn_cu12-9.5.1.17-py3-none-linux_x86_64.whl";

    @TempDir private Path home;
    private final Map<String, byte[]> served = new TreeMap<>();
    private final Queue<String> ranges = new ConcurrentLinkedQueue<>();
    private HttpServer server;
    private volatile int breakAfter = Integer.MAX_VALUE;

    @BeforeEach
    void serve() throws IOException {
        served.put(
                "/" + TORCH,
                zip(
                        "torch/lib/libtorch_cpu.so",
                        "torch/lib/libtorch_cuda.so",
                        "torch/lib/libc10_cuda.so",
                        "torch/version.py",
                        "torch/_C.cpython-310.so",
                        "torch/nn/functional.py",
                        "torch-2.7.1.dist-info/LICENSE"));
        served.put("/" + CUDNN, zip("nvidia/cudnn/lib/libcudnn.so.9", "nvidia/cudnn/x.h"));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void wheelOfAnotherLayoutIsRefused() throws IOException {
        served.put("/" + CUDNN, zip("nvidia_cudnn/libcudnn.so.9"));
        UserException refused = assertThrows(UserException.class, () -> run(install(), null));
        assertTrue(refused.getMessage().contains("holds no libraries"), refused::getMessage);
    }

    private static byte[] zip(String... names) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (String name : names) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write(("content of " + name).getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] all = served.get(exchange.getRequestURI().getPath());
        String range = exchange.getRequestHeaders().getFirst("Range");
        int from = 0;
        if (range != null) {
            ranges.add(range);
            from = Integer.parseInt(range.replaceAll("\\D", ""));
        }
        exchange.sendResponseHeaders(range == null ? 200 : 206, all.length - from);
        int to = Math.min(all.length, Math.max(from, breakAfter));
        exchange.getResponseBody().write(all, from, to - from);
        exchange.getResponseBody().flush();
        exchange.close();
    }

    private CudaInstall install(byte[] torch) {
        byte[] now = served.put("/" + TORCH, torch);
        CudaInstall install = install();
        served.put("/" + TORCH, now);
        return install;
    }

    private CudaInstall install() {
        List<Wheel> wheels =
                served.keySet().stream()
                        .map(
                                path ->
                                        new Wheel(
                                                Sha256.of(served.get(path)),
                                                served.get(path).length,
                                                URI.create(
                                                        "http://127.0.0.1:%d%s"
                                                                .formatted(
                                                                        server.getAddress()
                                                                                .getPort(),
                                                                        path))))
                        .toList();
        return new CudaInstall(home.resolve("cuda"), wheels);
    }

    private static void run(CudaInstall install, @Nullable Path from) {
        try (Progress progress = new Progress(new PrintWriter(new StringWriter()))) {
            install.install(from, progress);
        }
    }

    private List<String> files() throws IOException {
        try (var all = Files.walk(home)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> home.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void librariesAndLicencesAreUnpackedAndNothingElse() throws IOException {
        CudaInstall install = install();
        run(install, null);
        assertTrue(CudaLibraries.isComplete(install.folder()));
        assertEquals(
                List.of(
                        "cuda/complete",
                        "cuda/nvidia/cudnn/lib/libcudnn.so.9",
                        "cuda/torch-2.7.1.dist-info/LICENSE",
                        "cuda/torch/lib/libc10_cuda.so",
                        "cuda/torch/lib/libtorch_cpu.so",
                        "cuda/torch/lib/libtorch_cuda.so",
                        "cuda/torch/version.py"),
                files());
        install.remove();
        assertEquals(List.of(), files());
    }

    @Test
    void downloadGoesOnWhereItBroke() {
        breakAfter = 40;
        CudaInstall install = install();
        UserException broken = assertThrows(UserException.class, () -> run(install, null));
        assertTrue(broken.getMessage().contains("same command again"), broken::getMessage);
        assertFalse(CudaLibraries.isComplete(install.folder()));
        breakAfter = Integer.MAX_VALUE;
        run(install, null);
        assertTrue(CudaLibraries.isComplete(install.folder()));
        assertEquals(List.of("bytes=40-"), List.copyOf(ranges));
    }

    /**
     * Of two wheels, the first is deleted before the second is fetched, and is not fetched again.
     */
    @Test
    void wheelIsDeletedOnceItIsUnpacked() throws IOException {
        byte[] second = served.put("/" + TORCH, new byte[0]);
        CudaInstall install = install(second);
        assertThrows(UserException.class, () -> run(install, null));
        assertFalse(files().contains("cuda.part/" + CUDNN), files()::toString);
        assertTrue(files().contains("cuda/nvidia/cudnn/lib/libcudnn.so.9"), files()::toString);
        served.put("/" + TORCH, second);
        served.put("/" + CUDNN, new byte[0]);
        run(install, null);
        assertTrue(CudaLibraries.isComplete(install.folder()));
    }

    @Test
    void secondSetupNamesNoOptionThatThereIsNot() throws IOException {
        CudaInstall install = install();
        try (FolderLock held = FolderLock.ofFixed(home.resolve("cuda.part"), "setup of CUDA")) {
            UserException busy = assertThrows(UserException.class, () -> run(install, null));
            assertEquals(
                    "another setup of CUDA is running in %s; wait for it"
                            .formatted(home.resolve("cuda.part")),
                    busy.getMessage());
        }
    }

    @Test
    void otherFileIsRefusedByItsHash() {
        CudaInstall install = install();
        byte[] changed = served.get("/" + TORCH).clone();
        changed[changed.length - 1] ^= 1;
        served.put("/" + TORCH, changed);
        UserException refused = assertThrows(UserException.class, () -> run(install, null));
        assertTrue(refused.getMessage().contains(TORCH), refused::getMessage);
        assertTrue(refused.getMessage().contains("SHA-256"), refused::getMessage);
        assertFalse(CudaLibraries.isComplete(install.folder()));
    }

    @Test
    void wheelsOfAFolderNeedNoNetwork() throws IOException {
        Path from = Files.createDirectory(home.resolve("wheels"));
        CudaInstall install = install();
        server.stop(0);
        Files.write(from.resolve(CUDNN), served.get("/" + CUDNN));
        UserException missing = assertThrows(UserException.class, () -> run(install, from));
        assertTrue(missing.getMessage().contains(TORCH), missing::getMessage);
        Files.write(from.resolve(TORCH), served.get("/" + TORCH));
        run(install, from);
        assertTrue(CudaLibraries.isComplete(install.folder()));
        assertArrayEquals(served.get("/" + TORCH), Files.readAllBytes(from.resolve(TORCH)));
    }

    /** The list is what the engine's native library was tried with. */
    @Test
    void wheelsOfTheProgramAreThoseOfItsLibtorch() {
        List<Wheel> wheels = Wheel.ofCuda();
        assertTrue(
                wheels.get(0).file().startsWith("torch-" + CudaLibraries.VERSION + "-"),
                wheels.get(0)::file);
        assertTrue(wheels.size() > 10);
        for (Wheel wheel : wheels) {
            assertTrue(wheel.sha256().matches("[0-9a-f]{64}"), wheel::file);
            assertEquals("https", wheel.address().getScheme());
            assertTrue(wheel.file().endsWith("x86_64.whl"), wheel::file);
        }
        assertEquals(wheels.size(), wheels.stream().map(Wheel::file).distinct().count());
    }
}
