package dev.stanstudio.web.generate;

import dev.stanstudio.sd3.model.SizeLimits;
import dev.stanstudio.sd3.pipeline.HiresPass;
import dev.stanstudio.sd3.pipeline.UpscalerInput;
import dev.stanstudio.web.library.UpscalerCatalog;
import dev.stanstudio.web.matrix.Enlargement;
import dev.stanstudio.web.picture.MatrixRequest;
import dev.stanstudio.web.server.FieldException;
import dev.stanstudio.web.server.FormValues;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads what makes pictures larger from the page's form and writes it there. */
record EnlargementFields(FormValues form, UpscalerCatalog catalog) {
    private static final String HIRES = "hires";
    private static final String UPSCALER = "upscaler";

    /**
     * Returns what the fields ask for.
     *
     * @throws FieldException that names the field and what to change
     */
    Enlargement read() {
        return read(form.text(HIRES), form.text(UPSCALER), catalog);
    }

    /** Returns what texts ask for; null and empty texts ask for nothing. */
    static Enlargement read(
            @Nullable String hires, @Nullable String upscaler, UpscalerCatalog catalog) {
        HiresPass pass =
                hires == null || hires.isEmpty()
                        ? null
                        : FieldException.at(HIRES, () -> catalog.hires(hires));
        UpscalerInput after =
                upscaler == null || upscaler.isEmpty()
                        ? null
                        : FieldException.at(UPSCALER, () -> catalog.find(upscaler));
        return new Enlargement(pass, after);
    }

    /** Refuses sizes that a model cannot make, and requests that no second pass can follow. */
    static void check(MatrixRequest request, SizeLimits limits) {
        Enlargement enlarging = request.enlarging();
        HiresPass pass = enlarging.hires();
        if (pass == null) {
            return;
        }
        FieldException.at(
                HIRES,
                () -> {
                    pass.check(
                            request.width(), request.height(), request.image(), request.sampling());
                    limits.check(enlarging.side(request.width()), enlarging.side(request.height()));
                    return pass;
                });
    }

    /** Returns the second pass as it is typed; empty for none. */
    static String hires(Enlargement enlargement) {
        HiresPass pass = enlargement.hires();
        if (pass == null) {
            return "";
        }
        return pass.shown();
    }

    /** Returns the upscaler of finished pictures as it is typed; empty for none. */
    static String upscaler(Enlargement enlargement) {
        UpscalerInput upscaler = enlargement.upscaler();
        return upscaler == null ? "" : upscaler.shown();
    }

    /** Returns both in words; empty for none. */
    static String words(Enlargement enlargement) {
        String pass = hires(enlargement);
        String after = upscaler(enlargement);
        return Stream.of(
                        pass.isEmpty() ? "" : "hires " + pass,
                        after.isEmpty() ? "" : "upscaler " + after)
                .filter(one -> !one.isEmpty())
                .collect(Collectors.joining(" · "));
    }
}
