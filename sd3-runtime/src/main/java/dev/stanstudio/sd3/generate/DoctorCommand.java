package dev.stanstudio.sd3.generate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.ProgramVersion;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.NvidiaDriver;
import dev.stanstudio.engine.Torch;
import dev.stanstudio.sd3.model.MemoryNeed;
import dev.stanstudio.sd3.model.ModelSource;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code studio doctor}: what this machine and this installation can do. */
@Command(
        name = "doctor",
        description = "Say what this machine can do, which models there are and what is missing.")
public final class DoctorCommand implements StudioCommand {
    private static final long SCARCE = 2L << 30;
    private static final int LEAST_SIDE = 16;

    @Spec @Nullable CommandSpec spec;

    @Mixin ModelOptions model = new ModelOptions();

    @Option(
            names = "--task",
            paramLabel = "TASK",
            defaultValue = "draw",
            description =
                    "With --model: draw or train, whose memory is told and what fits on cards of 8,"
                            + " 12, 16 and 24 GB (${DEFAULT-VALUE}).")
    String task = DoctorTask.DRAW.label();

    @Option(
            names = "--size",
            paramLabel = "PIXELS",
            description = "With --model: side of the pictures (default: the model's).")
    @Nullable Integer size;

    @Option(
            names = "--parameters",
            paramLabel = "N",
            description =
                    "With --task train: numbers of the adapter, which train prints (default: a"
                            + " hundredth of the transformer's).")
    @Nullable Long parameters;

    @Option(names = "--json", description = "Print the result as JSON.")
    boolean json;

    @Override
    public Integer call() {
        DoctorTask chosen = DoctorTask.of(task);
        checkNumbers();
        ObjectNode report = Json.PLAIN.createObjectNode();
        describeEngine(report);
        describeMachine(report);
        describeModels(report);
        if (model.model != null) {
            describeModel(report, chosen);
        }
        List<String> advice = advice();
        report.putPOJO("advice", advice);
        PrintWriter out = out();
        if (json) {
            out.println(Json.pretty(Json.PLAIN, report));
        } else {
            new DoctorText(out).print(report);
        }
        out.flush();
        return ExitCodes.DONE;
    }

    private PrintWriter out() {
        if (spec == null) {
            throw new IllegalStateException("picocli sets the spec");
        }
        return spec.commandLine().getOut();
    }

    private static void describeEngine(ObjectNode report) {
        report.put("version", ProgramVersion.current());
        report.put("java", System.getProperty("java.version"));
        ObjectNode engine = report.putObject("engine");
        engine.put("libtorch", Torch.version());
        engine.put("path", Torch.libraryPath());
        engine.put("threads", Torch.threads());
        ObjectNode devices = report.putObject("devices");
        List<Device> all = new ArrayList<>(List.of(Device.CPU));
        all.addAll(Torch.cudaDevices());
        for (Device device : all) {
            devices.putPOJO(device.toString(), DTypeProbe.working(device));
        }
    }

    private static void describeMachine(ObjectNode report) {
        ObjectNode machine = report.putObject("machine");
        machine.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        if (NvidiaDriver.isThere()) {
            machine.put("nvidia_driver", NvidiaDriver.version().orElse("of unknown version"));
        }
        machine.put("cores", Runtime.getRuntime().availableProcessors());
        machine.put("memory", DoctorTask.gib(MachineMemory.total()));
        machine.put("memory_available", DoctorTask.gib(MachineMemory.available()));
        machine.put("java_heap", DoctorTask.gib(Runtime.getRuntime().maxMemory()));
    }

    private static void describeModels(ObjectNode report) {
        ModelFinder finder = new ModelFinder();
        report.put("model_folder", finder.folder().toString());
        ObjectNode models = report.putObject("models");
        finder.all().forEach((name, path) -> models.put(name, path.toString()));
    }

    private void checkNumbers() {
        if ((size != null && size < LEAST_SIDE) || (parameters != null && parameters < 1)) {
            throw new ArgumentException(
                    "--size must be at least %d and --parameters at least 1, not %s and %s"
                            .formatted(LEAST_SIDE, size, parameters));
        }
    }

    private void describeModel(ObjectNode report, DoctorTask chosen) {
        try (ModelSource source = model.source(null)) {
            ObjectNode node = report.putObject("model");
            node.put("name", source.name());
            node.put("path", source.path().toString());
            node.put("fingerprint", source.fingerprint());
            ObjectNode parts = node.putObject("stored");
            MemoryNeed need = MemoryNeed.of(source);
            need.stored().forEach((part, bytes) -> parts.put(part, DoctorTask.gib(bytes)));
            int side = size == null ? source.defaults().width() : size;
            long trained = parameters == null ? need.usualAdapter() : parameters;
            chosen.report(node, need, side, trained);
        }
    }

    private static List<String> advice() {
        List<String> advice = new ArrayList<>();
        CudaAdvice.ofThisMachine().text().ifPresent(advice::add);
        if (new ModelFinder().all().isEmpty()) {
            advice.add(
                    "No models were found. Put diffusers folders of Stable Diffusion 3 into "
                            + new ModelFinder().folder()
                            + ", or name a path with --model.");
        }
        if (MachineMemory.available() < SCARCE) {
            advice.add(
                    "Less than 2 GiB of memory is free; close programs or use --offload blocks.");
        }
        return advice;
    }
}
