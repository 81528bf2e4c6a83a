package dev.stanstudio.sd3.generate;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.pipeline.ControlInput;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.pipeline.HiresPass;
import dev.stanstudio.sd3.pipeline.ImageInput;
import dev.stanstudio.sd3.pipeline.IpAdapterInput;
import dev.stanstudio.sd3.pipeline.UpscalerInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lists the files that a generation reads, which its results must not replace: the picture would be
 * lost, and the new one could not be repeated without it.
 */
record InputFiles(List<Path> files) {
    /**
     * Lists the files of a request.
     *
     * @param from the picture that is repeated, or null
     */
    static InputFiles of(GenerationRequest request, @Nullable Path from) {
        List<Path> files = new ArrayList<>();
        ImageInput image = request.image();
        if (image != null) {
            add(files, image.path());
            add(files, image.mask());
        }
        add(files, request.latentsFile());
        request.adapters().forEach(use -> files.add(use.toPath()));
        for (ControlInput control : request.controls()) {
            add(files, control.path());
            add(files, control.picture());
            add(files, control.mask());
        }
        IpAdapterInput adapter = request.ipAdapter();
        if (adapter != null) {
            add(files, adapter.path());
            adapter.pictures().forEach(one -> add(files, one.path()));
        }
        HiresPass hires = request.hires();
        for (UpscalerInput upscaler :
                Arrays.asList(request.upscaler(), hires == null ? null : hires.upscaler())) {
            add(files, upscaler == null ? null : upscaler.path());
        }
        if (from != null) {
            files.add(from);
        }
        return new InputFiles(List.copyOf(files));
    }

    private static void add(List<Path> files, @Nullable String file) {
        if (file != null) {
            files.add(Path.of(file));
        }
    }

    /**
     * Refuses a result that would replace one of the files.
     *
     * @param option that names the result
     */
    void keep(String option, Path result) {
        if (files.stream().anyMatch(file -> same(file, result))) {
            throw new ArgumentException(
                    "%s %s is read by this command and would be replaced; name another file"
                            .formatted(option, result));
        }
    }

    private static boolean same(Path one, Path other) {
        try {
            return Files.exists(one) && Files.exists(other) && Files.isSameFile(one, other);
        } catch (IOException e) {
            return false; // what cannot be looked at is refused where it is read
        }
    }
}
