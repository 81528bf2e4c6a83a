package dev.stanstudio.pretrain.clip;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.Reading;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.DeviceOptions;
import dev.stanstudio.scoring.vision.ClipModel;
import dev.stanstudio.sd3.checkpoint.Placement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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

/** {@code studio pretrain judge}: how often CLIP picks a picture's own caption among others. */
@Command(
        name = "judge",
        description = "Say how often CLIP picks the right caption for pictures of an image folder.",
        sortOptions = false)
public final class PretrainJudgeCommand implements StudioCommand {
    @Spec @Nullable CommandSpec spec;

    @Option(
            names = "--clip",
            required = true,
            paramLabel = "DIR",
            description = "A CLIP model, such as scoring/models/clip-nano.")
    Path clip = Path.of(".");

    @Option(
            names = "--pictures",
            required = true,
            paramLabel = "DIR",
            description = "Pictures with a metadata.jsonl of file_name and text.")
    Path pictures = Path.of(".");

    @Option(names = "--among", description = "Captions to choose from (${DEFAULT-VALUE}).")
    int among = 32;

    @Option(names = "--threads", description = "Threads of the tensor engine (one per core).")
    @Nullable Integer threads;

    @Override
    public String parent() {
        return "pretrain";
    }

    @Override
    public Integer call() {
        DeviceOptions.threads(threads);
        List<String> captions = new ArrayList<>();
        List<Picture> drawn = new ArrayList<>();
        read(captions, drawn);
        try (ClipModel model = ClipModel.open(clip, new Placement(Device.CPU, DType.FP32))) {
            CaptionChoice.Result result = new CaptionChoice(model, among).measure(captions, drawn);
            Objects.requireNonNull(spec, "picocli sets the spec")
                    .commandLine()
                    .getOut()
                    .println(
                            String.format(
                                    Locale.ROOT,
                                    "right caption among %d: %.1f %% of %d pictures; mean cosine"
                                            + " %.4f",
                                    among,
                                    100 * result.right(),
                                    captions.size(),
                                    result.cosine()));
        }
        return ExitCodes.DONE;
    }

    private void read(List<String> captions, List<Picture> drawn) {
        Path list = pictures.resolve("metadata.jsonl");
        try {
            for (String line : Files.readAllLines(list, StandardCharsets.UTF_8)) {
                JsonNode node = Json.PLAIN.readTree(line);
                captions.add(node.path("text").asText());
                drawn.add(
                        Picture.read(
                                pictures.resolve(node.path("file_name").asText()), Reading.SEEN));
            }
        } catch (JsonProcessingException e) {
            throw new UserException(list + " is not JSON lines: " + Json.problem(e), e);
        } catch (IOException e) {
            throw new UserException(list + " cannot be read: " + AtomicFile.reason(e), e);
        }
        if (captions.size() < 2) {
            throw new UserException(list + " names fewer than two pictures");
        }
    }
}
