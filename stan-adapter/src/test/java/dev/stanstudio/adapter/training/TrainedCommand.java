package dev.stanstudio.adapter.training;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.base.Sha256;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.testing.Goldens;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import picocli.CommandLine;

/** The command {@code train} on a tiny model and pictures of noise in a folder. */
final class TrainedCommand {
    private final Path folder;
    private final String model;

    TrainedCommand(Path folder, String model) {
        this.folder = folder;
        this.model = model;
    }

    /** Trains into {@code out} and returns an empty text, or the refusal. */
    String train(String out, String... more) {
        return train(new StringWriter(), out, more);
    }

    /** Trains as {@link #train}, but asks the training to stop once it has said {@code text}. */
    String stopped(String text, String out, String... more) {
        StringWriter err =
                new StringWriter() {
                    @Override
                    public void write(String said, int from, int count) {
                        super.write(said, from, count);
                        if (said.substring(from, from + count).contains(text)) {
                            Thread.currentThread().interrupt();
                        }
                    }
                };
        try {
            return train(err, out, more);
        } finally {
            Thread.interrupted();
        }
    }

    private String train(StringWriter err, String out, String... more) {
        List<String> args = new ArrayList<>(List.of("--model", Goldens.own(model).toString()));
        args.addAll(List.of("--data", collection("data", 4, 60).toString()));
        args.addAll(List.of("--cache", folder.resolve("cache").toString()));
        args.addAll(List.of("--max-sequence-length", "12", "--dtype", "fp32", "--threads", "1"));
        args.addAll(List.of("--log-every", "1", "--validate-every", "2", "--samples", "0"));
        args.addAll(List.of("--resolution", "48", "--batch", "2", "--steps", "2"));
        args.addAll(List.of("--method", "lora", "--rank", "2"));
        args.addAll(List.of("--out", folder.resolve(out).toString()));
        args.addAll(Arrays.asList(more));
        StringBuilder told = new StringBuilder();
        int code =
                new CommandLine(new TrainCommand())
                        .setOverwrittenOptionsAllowed(true)
                        .setOut(new PrintWriter(new StringWriter()))
                        .setErr(new PrintWriter(err))
                        .setExecutionExceptionHandler(
                                (e, line, parsed) -> {
                                    told.append(e.getMessage());
                                    return 1;
                                })
                        .execute(args.toArray(String[]::new));
        return code == 0 ? "" : told + (told.isEmpty() ? err.toString() : "");
    }

    /** Pictures of noise, the last held out. */
    Path collection(String name, int count, int width) {
        Path data = folder.resolve(name);
        try {
            if (Files.exists(data)) {
                return data;
            }
            Files.createDirectories(data);
            StringBuilder lines = new StringBuilder();
            for (int i = 0; i < count; i++) {
                byte[] samples = new byte[width * 50 * 3];
                new Random(name.hashCode() + i).nextBytes(samples);
                Path file = data.resolve(i + ".png");
                Picture.of(width, 50, PixelMode.RGB, samples).writePng(file);
                lines.append(
                        new ObjectMapper()
                                .createObjectNode()
                                .put("file_name", i + ".png")
                                .put("text", "noise " + i)
                                .put("style", "noise")
                                .put("sha256", Sha256.ofFile(file))
                                .put("width", width)
                                .put("height", 50)
                                .put("split", i == count - 1 ? "validation" : "train"));
                lines.append('\n');
            }
            Files.writeString(data.resolve("metadata.jsonl"), lines);
            return data;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
