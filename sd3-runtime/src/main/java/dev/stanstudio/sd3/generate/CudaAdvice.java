package dev.stanstudio.sd3.generate;

import dev.stanstudio.engine.CudaLibraries;
import dev.stanstudio.engine.NvidiaDriver;
import dev.stanstudio.engine.Torch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells what is missing for an NVIDIA card.
 *
 * @param driver whether the machine has the driver
 * @param driverVersion its version, where it is known
 * @param cards how many cards libtorch can use
 * @param cudaBuild whether the libtorch that runs is built for CUDA
 * @param named the folder that a variable names, or null
 * @param installed whether {@code studio setup cuda} has been there
 */
record CudaAdvice(
        boolean driver,
        @Nullable String driverVersion,
        int cards,
        boolean cudaBuild,
        @Nullable String named,
        boolean installed) {
    static CudaAdvice ofThisMachine() {
        return new CudaAdvice(
                NvidiaDriver.isThere(),
                NvidiaDriver.version().orElse(null),
                Torch.cudaDevices().size(),
                Files.exists(Path.of(Torch.libraryPath()).resolve("libtorch_cuda.so")),
                System.getenv(CudaLibraries.PATH),
                CudaLibraries.isComplete(CudaLibraries.folder()));
    }

    /** Returns what to do, or nothing where a card can be used or there is none. */
    Optional<String> text() {
        if (cards > 0) {
            return Optional.empty();
        }
        if (!driver) {
            return installed || cudaBuild
                    ? Optional.of(
                            "libtorch for CUDA is here, but the machine has no NVIDIA driver, so"
                                    + " the processor is used. Install the driver, or delete what"
                                    + " was fetched with 'studio setup cuda --remove'.")
                    : Optional.empty();
        }
        if (driverVersion != null && NvidiaDriver.isTooOld(driverVersion)) {
            return Optional.of(
                    "The NVIDIA driver is %s, and CUDA 12 needs %s or newer; update the driver."
                            .formatted(driverVersion, NvidiaDriver.OLDEST));
        }
        if (cudaBuild) {
            return Optional.of(
                    "libtorch for CUDA runs, but finds no card it can use. See whether 'nvidia-smi'"
                            + " lists one; a container needs to be started with its cards"
                            + " ('--gpus all').");
        }
        if (named != null) {
            return Optional.of(
                    "An NVIDIA driver is here, but %s names a libtorch for processors: %s. Unset it and run 'studio setup cuda'."
                            .formatted(CudaLibraries.PATH, named));
        }
        return Optional.of(
                "An NVIDIA driver is here, but libtorch is the build for processors. Run 'studio"
                        + " setup cuda'.");
    }
}
