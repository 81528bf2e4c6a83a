package dev.stanstudio.web;

import dev.stanstudio.base.command.StudioCommand;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A command whose end the test chooses. */
@Command(name = "fake", description = "Do what the test says.")
final class FakeCommand implements StudioCommand {
    enum Dtype {
        FP32,
        BF16
    }

    @Option(names = "--prompt")
    @Nullable String prompt;

    @Option(names = "--dtype")
    @Nullable Dtype dtype;

    @Option(names = "--count")
    int count;

    @Option(names = "--repeats", split = ",")
    Map<String, Integer> repeats = new LinkedHashMap<>();

    @Option(names = "--offset")
    @Nullable Long offset;

    private final Callable<Integer> body;

    FakeCommand(Callable<Integer> body) {
        this.body = body;
    }

    @Override
    public Integer call() throws Exception {
        return body.call();
    }
}
