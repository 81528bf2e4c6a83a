package dev.stanstudio.web.adapters;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.pipeline.WeightedAdapter;
import dev.stanstudio.web.job.Job;
import dev.stanstudio.web.job.JobCommand;
import dev.stanstudio.web.job.Jobs;
import dev.stanstudio.web.library.AdapterNames;
import dev.stanstudio.web.picture.AdapterPictures;
import dev.stanstudio.web.picture.Matrix;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Finds the work that needs an adapter to stay where it is. */
final class AdapterUses {
    private final Jobs jobs;
    private final AdapterPictures pictures;

    AdapterUses(Jobs jobs, AdapterPictures pictures) {
        this.jobs = jobs;
        this.pictures = pictures;
    }

    /**
     * Refuses to change what waiting or running work uses.
     *
     * @param root the folder or file of the adapter
     * @throws ArgumentException that names the work
     */
    void requireUnused(Path root) {
        Optional<Job> job = jobs.open().stream().filter(open -> uses(open, root)).findFirst();
        if (job.isPresent()) {
            throw new ArgumentException(
                    "%s is in use by the job '%s'; stop it, or wait for its end"
                            .formatted(
                                    AdapterNames.of(root), job.get().request().title()));
        }
        Optional<Matrix> matrix =
                pictures.open().stream().filter(open -> uses(open, root)).findFirst();
        if (matrix.isPresent()) {
            throw new ArgumentException(
                    "%s is in use by pictures in the queue ('%s'); cancel them, or wait for them"
                            .formatted(
                                    AdapterNames.of(root),
                                    matrix.get().request().prompts().get(0)));
        }
    }

    private static boolean uses(Job job, Path root) {
        return job.request().folder().startsWith(root)
                || job.request().commands().stream()
                        .map(JobCommand::arguments)
                        .flatMap(arguments -> arguments.stream())
                        .anyMatch(argument -> isWithin(argument, root));
    }

    private static boolean isWithin(String argument, Path root) {
        try {
            return Path.of(argument).startsWith(root);
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private static boolean uses(Matrix matrix, Path root) {
        return matrix.request().methods().stream()
                .flatMap(method -> method.adapters().stream())
                .map(WeightedAdapter::toPath)
                .anyMatch(path -> path.startsWith(root));
    }
}
