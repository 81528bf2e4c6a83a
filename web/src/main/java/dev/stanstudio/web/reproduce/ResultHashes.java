package dev.stanstudio.web.reproduce;

import dev.stanstudio.adapter.file.AdapterFolder;
import dev.stanstudio.base.Sha256;
import dev.stanstudio.web.reproduce.Experiment.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Lists the SHA-256 of every file that a result depends on. */
record ResultHashes(Plan plan) {
    /** Returns the table as Markdown. */
    String text() {
        List<List<String>> rows = new ArrayList<>();
        for (Path file : files()) {
            if (Files.exists(file)) {
                Path named = file.startsWith(plan.out()) ? plan.out().relativize(file) : file;
                rows.add(List.of(named.toString(), "`" + Sha256.ofFile(file) + "`"));
            }
        }
        return "## Hashes\n\nThe lists name the hash of every picture and adapter in them.\n\n"
                + Markdown.table(List.of("file", "SHA-256"), rows);
    }

    private List<Path> files() {
        List<Path> files = new ArrayList<>();
        files.add(plan.collection().resolve("metadata.jsonl"));
        for (Method method : plan.experiment().methods()) {
            if (method.isTrained()) {
                plan.trainings(method).values().forEach(training -> files.add(weights(training)));
            }
        }
        plan.experiment().seeds().forEach(seed -> files.add(new Pictures(plan).manifest(seed)));
        files.add(plan.scores().resolve("pictures.jsonl"));
        files.add(plan.scores().resolve("summary.json"));
        files.add(plan.analysis().resolve("analysis.json"));
        for (String name : List.of("plan.json", "votes.csv", "report.html")) {
            files.add(plan.votes().resolve(name));
        }
        return files;
    }

    private static Path weights(Path training) {
        return AdapterFolder.tensors(Plan.adapter(training));
    }
}
