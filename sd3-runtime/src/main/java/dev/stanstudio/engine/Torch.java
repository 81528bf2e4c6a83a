package dev.stanstudio.engine;

import ai.djl.engine.Engine;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.pytorch.jni.LibUtils;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * libtorch in this process: started on first use, its version, threads and devices. Thread-safe.
 */
public final class Torch {
    private static final AtomicInteger THREADS = new AtomicInteger();
    private static final ThreadLocal<Integer> PREPARED = ThreadLocal.withInitial(() -> 0);

    private Torch() {}

    /** The engine, which loads libtorch when it is made. */
    private static final class Loaded {
        static final Engine ENGINE = load();

        private static Engine load() {
            System.setProperty("ai.djl.offline", "true");
            System.setProperty("ai.djl.pytorch.graph_optimizer", "false");
            CudaLibraries.choose();
            return Engine.getEngine("PyTorch");
        }
    }

    private static Engine engine() {
        return Loaded.ENGINE;
    }

    private static final class Started {
        static final PtNDManager MANAGER = start();

        private static PtNDManager start() {
            try {
                PtNDManager manager = (PtNDManager) engine().newBaseManager(ai.djl.Device.cpu());
                manager.setName("studio");
                THREADS.compareAndSet(0, JniUtils.getNumThreads());
                return manager;
            } catch (RuntimeException e) {
                throw new EngineException("libtorch does not start: " + rootMessage(e), e);
            }
        }
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }

    static PtNDManager manager() {
        return Started.MANAGER;
    }

    /**
     * Prepares the calling thread: libtorch keeps the thread count, the graph optimizer and the
     * grad mode per thread, and each thread that was not prepared starts with other settings.
     */
    static void prepareThread() {
        manager();
        int threads = THREADS.get();
        if (PREPARED.get() != threads) {
            JniUtils.setNumThreads(threads);
            JniUtils.setGradMode(false);
            JniUtils.setGraphExecutorOptimize(false);
            PREPARED.set(threads);
        }
    }

    /** The version of libtorch, such as 2.7.1. */
    public static String version() {
        return engine().getVersion();
    }

    /** The folder that libtorch was loaded from. */
    public static String libraryPath() {
        manager();
        return LibUtils.getLibtorchPath();
    }

    /** Threads that one operation may use. */
    public static int threads() {
        manager();
        return THREADS.get();
    }

    /**
     * Sets the threads that one operation may use, in all threads of the program.
     *
     * @throws IllegalArgumentException if {@code threads} is below 1
     */
    public static void setThreads(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1, not " + threads);
        }
        manager();
        THREADS.set(threads);
    }

    /** Cards that libtorch can use now: none without CUDA natives, whatever the machine holds. */
    public static List<Device> cudaDevices() {
        manager();
        if (CallRecorder.active() != null) {
            return List.of(new Device("cuda", 0));
        }
        if (!engine().hasCapability("CUDA")) {
            return List.of();
        }
        int count = engine().getGpuCount();
        return IntStream.range(0, count).mapToObj(i -> new Device("cuda", i)).toList();
    }

    /** Gives back the memory of cards that libtorch keeps for later; nothing without CUDA. */
    static void emptyCudaCache() {
        if (!cudaDevices().isEmpty()) {
            JniUtils.emptyCudaCache();
        }
    }

    /**
     * Checks that {@code device} can be used.
     *
     * @throws EngineException that names the devices there are
     */
    public static void require(Device device) {
        if (device.isCuda() && !cudaDevices().contains(device)) {
            throw new EngineException(
                    ("device %s is not available; this machine has %s ('studio doctor' says"
                                    + " what is missing)")
                            .formatted(
                                    device,
                                    cudaDevices().isEmpty()
                                            ? "cpu only"
                                            : "cpu and " + cudaDevices()));
        }
    }

    /** Native values (tensors, lists, generators) alive in the process; for leak checks. */
    public static long liveHandles() {
        return NativeHandle.live();
    }
}
