package dev.stanstudio.sd3.generate;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.Progress;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.engine.CudaLibraries;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Scanner;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code studio setup cuda}: the CUDA build of libtorch, from the Python wheels. */
@Command(
        name = "cuda",
        description = {
            "Fetch libtorch for NVIDIA cards, which the program does not bring along.",
            "It takes the libraries of the Python wheels of torch and NVIDIA; no Python is needed."
        })
public final class SetupCudaCommand implements StudioCommand {
    private static final double GB = 1e9;

    /** Bytes of the libraries for each byte of the wheels. */
    private static final double UNPACKED = 1.6;

    @Spec @Nullable CommandSpec spec;

    @Option(
            names = "--from",
            paramLabel = "DIR",
            description = "Take the wheels from a folder, without a network.")
    @Nullable Path from;

    @Option(names = "--list", description = "Print the addresses of the wheels, and do nothing.")
    boolean list;

    @Option(names = "--remove", description = "Delete what was fetched.")
    boolean remove;

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask.")
    boolean yes;

    @Override
    public String parent() {
        return "setup";
    }

    @Override
    public Integer call() {
        CudaInstall install = new CudaInstall(CudaLibraries.folder(), Wheel.ofCuda());
        PrintWriter out = Objects.requireNonNull(spec, "picocli sets it").commandLine().getOut();
        if (list) {
            install.wheels().forEach(wheel -> out.println(wheel.address()));
        } else if (remove) {
            install.remove();
            out.println("removed " + install.folder());
        } else if (CudaLibraries.isComplete(install.folder())) {
            out.println("already there: " + install.folder());
        } else {
            requirePlatform();
            confirm(install, out);
            fill(install, out);
        }
        out.flush();
        return ExitCodes.DONE;
    }

    private static void requirePlatform() {
        String system = System.getProperty("os.name");
        String processor = System.getProperty("os.arch");
        if (!system.equals("Linux") || !processor.equals("amd64")) {
            throw new UserException(
                    "the CUDA build is for Linux on x86_64, and this is %s on %s; elsewhere point %s at libtorch %s"
                            .formatted(
                                    system, processor, CudaLibraries.PATH, CudaLibraries.VERSION));
        }
    }

    private void confirm(CudaInstall install, PrintWriter out) {
        if (from != null && !Files.isDirectory(from)) {
            throw new ArgumentException("--from: %s is no folder".formatted(from));
        }
        out.println(
                "libtorch %s for CUDA 12: %s %.1f GB in %d wheels, unpacked into %s (%.1f GB; %.1f GB free space are needed meanwhile)"
                        .formatted(
                                CudaLibraries.VERSION,
                                from == null ? "fetches" : "takes",
                                install.bytes() / GB,
                                install.wheels().size(),
                                install.folder(),
                                UNPACKED * install.bytes() / GB,
                                (UNPACKED * install.bytes()
                                                + (from == null ? install.largest() : 0))
                                        / GB));
        out.flush();
        if (yes || from != null) {
            return;
        }
        if (!System.getenv().containsKey(Progress.TERMINAL)) {
            throw new ArgumentException("give --yes to fetch so much without being asked");
        }
        out.print("Go on? [y/N] ");
        out.flush();
        Scanner answers = new Scanner(System.in, Charset.defaultCharset());
        String answer = answers.hasNextLine() ? answers.nextLine() : "";
        if (!answer.strip().toLowerCase(Locale.ROOT).startsWith("y")) {
            throw new UserException("nothing was fetched");
        }
    }

    private void fill(CudaInstall install, PrintWriter out) {
        try (Progress progress =
                new Progress(Objects.requireNonNull(spec).commandLine().getErr())) {
            install.install(from, progress);
        }
        out.println(
                "done; the program uses it from now on where there is an NVIDIA driver ('studio"
                        + " doctor' says so)");
    }
}
