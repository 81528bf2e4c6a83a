package dev.stanstudio.sd3.generate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.sd3.metadata.Provenance;
import dev.stanstudio.sd3.metadata.Provenance.ModelIdentity;
import dev.stanstudio.sd3.metadata.Recall;
import dev.stanstudio.sd3.metadata.Recalled;
import dev.stanstudio.sd3.metadata.Setting;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.sd3.pipeline.GeneratedPicture;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.pipeline.Sd3Pipeline;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code studio generate}: pictures from prompts. */
@Command(
        name = "generate",
        description = "Make pictures from a prompt, a picture, or the settings inside a picture.",
        sortOptions = false)
public final class GenerateCommand implements StudioCommand {
    @Spec @Nullable CommandSpec spec;

    @Mixin RequestOptions request = new RequestOptions();

    @Mixin ModelOptions model = new ModelOptions();

    @Option(
            names = "--from",
            paramLabel = "FILE.png",
            description = "Repeat this picture; other options change single settings.")
    @Nullable Path from;

    @Option(
            names = "--out",
            paramLabel = "FILE.png|DIR",
            description = "Where the pictures go (default: the current folder).")
    Path out = Path.of(".");

    @Option(
            names = "--trace",
            paramLabel = "FILE",
            description = "Write embeddings, sigmas and latents as safetensors.")
    @Nullable Path trace;

    @Option(names = "--json", description = "Print the result as JSON.")
    boolean json;

    private final List<String> notes = new ArrayList<>();

    @Override
    public Integer call() {
        request.checkEarly(from != null);
        Optional<Provenance> record =
                from == null ? Optional.empty() : Recall.own(from, request.replaced());
        String recorded = record.map(r -> r.model().name()).orElse(null);
        try (ModelSource source = source(recorded)) {
            GenerationRequest wanted = request(source);
            InputFiles inputs = InputFiles.of(wanted, from);
            List<GenerationRequest> parts = request.choices.parts(wanted);
            OutputFiles files = OutputFiles.prepare(out, wanted.seeds().size(), inputs);
            if (trace != null) {
                inputs.keep("--trace", trace);
                AtomicFile.requireWritable(trace);
            }
            Provenance.EngineIdentity engine = record.map(Provenance::engine).orElse(null);
            try (Sd3Pipeline pipeline =
                    new Sd3Pipeline(
                            Sd3Model.load(source, model.load(wanted.text().useT5(), engine)))) {
                record.ifPresent(r -> compare(r, pipeline.model()));
                note(IdleOptions.notes(request, wanted, pipeline.model()));
                noteWeights(wanted);
                generate(pipeline, parts, files);
            }
        }
        return ExitCodes.DONE;
    }

    private ModelSource source(@Nullable String recorded) {
        try {
            return model.source(recorded);
        } catch (ArgumentException e) {
            if (model.model != null || recorded == null) {
                throw e;
            }
            throw new ArgumentException(
                    from + " was made by '" + recorded + "'; say where that is with --model", e);
        }
    }

    private GenerationRequest request(ModelSource source) {
        if (from == null) {
            return request.request(null, source.defaults());
        }
        Set<Setting> replaced = request.replaced();
        Recalled recalled = Recall.of(from, source.defaults(), replaced);
        recalled.firstUnfit(replaced)
                .ifPresent(
                        unfit -> {
                            throw new ArgumentException(
                                    "%s: %s; give one with %s"
                                            .formatted(
                                                    from,
                                                    unfit.why(),
                                                    RequestOptions.option(unfit.setting())));
                        });
        note(recalled.notes(replaced));
        return request.request(recalled.request(), source.defaults());
    }

    private void note(List<String> more) {
        notes.addAll(more);
        more.forEach(note -> commandLine().getErr().println("note: " + note));
    }

    private void noteWeights(GenerationRequest wanted) {
        if (wanted.text().syntax() != null) {
            List<String> words = wanted.weightedWords();
            String all = words.isEmpty() ? "no words have weights" : String.join(", ", words);
            note(List.of("weighted: " + all));
        }
    }

    private PrintWriter out() {
        return commandLine().getOut();
    }

    private picocli.CommandLine commandLine() {
        if (spec == null) {
            throw new IllegalStateException("picocli sets the spec");
        }
        return spec.commandLine();
    }

    private void compare(Provenance record, Sd3Model loaded) {
        ModelIdentity model = record.model();
        String made = model.fingerprint();
        if (!made.equals(loaded.fingerprint()) && !loaded.extended().contains(made)) {
            otherwise(model.name() + " with other weights than these");
        } else if (model.settings() != null && !model.settings().equals(loaded.settings())) {
            otherwise(model.name() + " with other settings in its configuration files than these");
        }
    }

    private void otherwise(String model) {
        commandLine()
                .getErr()
                .println(
                        "note: the picture was made by %s; it will not be the same"
                                .formatted(model));
    }

    private void generate(Sd3Pipeline pipeline, List<GenerationRequest> parts, OutputFiles files) {
        TraceFile traced = trace == null ? null : new TraceFile();
        ArrayNode results = Json.PLAIN.createArrayNode();
        int pictures = parts.stream().mapToInt(part -> part.seeds().size()).sum();
        try (ProgressView view = new ProgressView(commandLine().getErr(), pictures, traced)) {
            int done = 0;
            for (GenerationRequest part : parts) {
                view.countAfter(done);
                pipeline.generate(
                        part,
                        view,
                        picture ->
                                results.add(save(pipeline, picture, files.next(picture.seed()))));
                done += part.seeds().size();
            }
        }
        if (traced != null && trace != null) {
            traced.write(trace);
        }
        if (json) {
            out().println(Json.pretty(Json.PLAIN, results));
            out().flush();
        }
    }

    private ObjectNode save(Sd3Pipeline pipeline, GeneratedPicture picture, Path file) {
        Provenance.of(pipeline.model(), picture.request()).write(file, picture);
        if (!json) {
            out().println(file);
            out().flush();
        }
        ObjectNode result = Json.PLAIN.createObjectNode();
        notes.forEach(note -> result.withArray("notes").add(note));
        picture.request().adapters().forEach(use -> result.withArray("adapters").addPOJO(use));
        picture.request().controls().forEach(use -> result.withArray("controls").addPOJO(use));
        if (picture.request().ipAdapter() != null) {
            result.putPOJO("ip_adapter", picture.request().ipAdapter());
        }
        if (picture.request().hires() != null) {
            result.putPOJO("hires", picture.request().hires());
        }
        if (picture.request().upscaler() != null) {
            result.putPOJO("upscaler", picture.request().upscaler());
        }
        return result.put("file", file.toString())
                .put("seed", picture.seed())
                .put("width", picture.picture().width())
                .put("height", picture.picture().height())
                .put("model", pipeline.model().name())
                .put("fingerprint", pipeline.model().fingerprint());
    }
}
