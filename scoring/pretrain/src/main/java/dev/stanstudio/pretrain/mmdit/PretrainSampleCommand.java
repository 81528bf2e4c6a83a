package dev.stanstudio.pretrain.mmdit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.FolderLock;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.DeviceOptions;
import dev.stanstudio.pretrain.NanoData;
import dev.stanstudio.sd3.model.LoadOptions;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.model.Offload;
import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.sd3.pipeline.GenerationListener;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.pipeline.Sd3Pipeline;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code studio pretrain sample}: pictures for held-out captions, to judge a model by. */
@Command(
        name = "sample",
        description =
                "Draw pictures for held-out captions with a trained model, as an image folder.",
        sortOptions = false)
public final class PretrainSampleCommand implements StudioCommand {
    @Spec @Nullable CommandSpec spec;

    @Option(
            names = "--model",
            required = true,
            paramLabel = "DIR",
            description = "The export of 'pretrain mmdit'.")
    Path model = Path.of(".");

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "A new folder.")
    Path out = Path.of(".");

    @Option(names = "--count", description = "Pictures (${DEFAULT-VALUE}).")
    int count = 200;

    @Option(names = "--threads", description = "Threads of the tensor engine (one per core).")
    @Nullable Integer threads;

    @Override
    public String parent() {
        return "pretrain";
    }

    @Override
    public Integer call() {
        if (count < 1 || count > 100_000) {
            throw new ArgumentException("--count must be 1 … 100000, not " + count);
        }
        DeviceOptions.threads(threads);
        LoadOptions options = new LoadOptions(Device.CPU, DType.FP32, Offload.NONE, false);
        try (FolderLock unused = FolderLock.of(out, "drawing of samples");
                Sd3Pipeline pipeline =
                        new Sd3Pipeline(
                                Sd3Model.load(ModelSource.open(model, null, null), options))) {
            List<String> lines = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                lines.add(draw(pipeline, i));
                tell(i + 1);
            }
            AtomicFile.write(
                    out.resolve("metadata.jsonl"),
                    to -> {
                        for (String line : lines) {
                            to.write((line + "\n").getBytes(StandardCharsets.UTF_8));
                        }
                    });
        } catch (IOException e) {
            throw new UserException("cannot write to " + out + ": " + e.getMessage(), e);
        }
        return ExitCodes.DONE;
    }

    private String draw(Sd3Pipeline pipeline, int index) throws JsonProcessingException {
        String caption = NanoData.heldOutCaption(index);
        GenerationRequest request =
                GenerationRequest.of(caption, index, pipeline.model().defaults());
        String name = String.format(Locale.ROOT, "%06d.png", index);
        pipeline.generate(request, GenerationListener.SILENT)
                .get(0)
                .picture()
                .writePng(out.resolve(name));
        JsonMapper json = Json.PLAIN;
        return json.writeValueAsString(
                json.createObjectNode().put("file_name", name).put("text", caption));
    }

    private void tell(int done) {
        if (done % 20 == 0 || done == count) {
            PrintWriter err =
                    Objects.requireNonNull(spec, "picocli sets the spec").commandLine().getErr();
            err.println("pictures: " + done + " of " + count);
            err.flush();
        }
    }
}
