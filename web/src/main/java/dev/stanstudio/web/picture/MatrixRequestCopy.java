package dev.stanstudio.web.picture;

import dev.stanstudio.sd3.pipeline.ControlInput;
import dev.stanstudio.sd3.pipeline.ImageInput;
import dev.stanstudio.sd3.pipeline.IpAdapterInput;
import dev.stanstudio.sd3.text.TextSyntax;
import dev.stanstudio.web.matrix.Axis;
import dev.stanstudio.web.matrix.Enlargement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Copies a request with some of its parts replaced; the one place that lists all of them. */
final class MatrixRequestCopy {
    private final MatrixRequest from;
    private List<String> prompts;
    private int width;
    private int height;
    private @Nullable ImageInput image;
    private List<Axis> axes;
    private boolean choices;
    private @Nullable TextSyntax syntax;
    private List<ControlInput> controls;
    private @Nullable IpAdapterInput ipAdapter;
    private @Nullable Enlargement enlargement;

    MatrixRequestCopy(MatrixRequest from) {
        this.from = from;
        this.prompts = from.prompts();
        this.width = from.width();
        this.height = from.height();
        this.image = from.image();
        this.axes = from.axes();
        this.choices = from.choices();
        this.syntax = from.syntax();
        this.controls = from.controls();
        this.ipAdapter = from.ipAdapter();
        this.enlargement = from.enlargement();
    }

    MatrixRequestCopy size(int newWidth, int newHeight) {
        width = newWidth;
        height = newHeight;
        return this;
    }

    MatrixRequestCopy image(@Nullable ImageInput value) {
        image = value;
        return this;
    }

    MatrixRequestCopy axes(List<Axis> value) {
        axes = value;
        return this;
    }

    /** Takes other prompts, which may hold choices. */
    MatrixRequestCopy choicesOf(List<String> templates) {
        prompts = templates;
        choices = true;
        return this;
    }

    MatrixRequestCopy syntax(@Nullable TextSyntax value) {
        syntax = value;
        return this;
    }

    MatrixRequestCopy controls(List<ControlInput> value) {
        controls = value;
        return this;
    }

    MatrixRequestCopy ipAdapter(@Nullable IpAdapterInput value) {
        ipAdapter = value;
        return this;
    }

    MatrixRequestCopy enlargement(Enlargement value) {
        enlargement = value;
        return this;
    }

    /**
     * Returns the copy.
     *
     * @throws dev.stanstudio.base.ArgumentException if its parts do not go together
     */
    MatrixRequest made() {
        return new MatrixRequest(
                from.model(),
                prompts,
                from.styles(),
                from.methods(),
                from.seeds(),
                from.negative(),
                width,
                height,
                from.sampling(),
                image,
                from.carried(),
                axes,
                choices,
                syntax,
                controls,
                ipAdapter,
                enlargement);
    }
}
