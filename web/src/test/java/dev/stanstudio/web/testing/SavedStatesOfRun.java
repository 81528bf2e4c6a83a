package dev.stanstudio.web.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder of a training with an adapter of the tiny model and saved states of steps 10, 20. */
public final class SavedStatesOfRun {
    private static final String TENSORS = "adapter_model.safetensors";

    private SavedStatesOfRun() {}

    /** Writes it as {@code run}. */
    public static void write(Path run) throws IOException {
        adapter(run.resolve("checkpoints/0000010"), 0.02f);
        adapter(run.resolve("checkpoints/0000020"), 0.05f);
        adapter(run.resolve("adapter"), 0.1f);
    }

    private static void adapter(Path folder, float value) throws IOException {
        PartialAdapter.write(Files.createDirectories(folder).resolve(TENSORS), value);
    }

    /** Returns the tensors of the state of a step. */
    public static Path tensors(Path run, int step) {
        return run.resolve("checkpoints/%07d".formatted(step)).resolve(TENSORS);
    }
}
