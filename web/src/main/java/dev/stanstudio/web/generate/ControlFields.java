package dev.stanstudio.web.generate;

import static dev.stanstudio.web.generate.ControlInputs.field;

import dev.stanstudio.sd3.pipeline.ControlInput;
import dev.stanstudio.sd3.pipeline.Preprocessor;
import dev.stanstudio.web.picture.MatrixRequest;
import dev.stanstudio.web.server.FieldException;
import dev.stanstudio.web.server.FormValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Reads the control pictures of the page's form. */
record ControlFields(FormValues form, ControlInputs inputs) {
    /**
     * Returns the networks with their pictures; a number without a picture is not read.
     *
     * @throws FieldException that names the field and what to change
     */
    List<ControlInput> read() {
        List<ControlInput> controls = new ArrayList<>();
        for (int n = 1; n <= MatrixRequest.MOST_CONTROLS; n++) {
            if (!form.text(field(n, "picture")).isEmpty()) {
                controls.add(one(n));
            }
        }
        return controls;
    }

    private ControlInput one(int n) {
        String network = form.text(field(n, "network"));
        if (network.isEmpty()) {
            throw new FieldException(field(n, "network"), "choose a ControlNet");
        }
        ControlInput input =
                FieldException.at(
                        field(n, "network"),
                        () ->
                                inputs.input(
                                        network,
                                        form.text(field(n, "picture")),
                                        form.text(field(n, "mask"))));
        Preprocessor preprocessor = FieldException.at(field(n, "settings"), () -> preprocessor(n));
        double scale = Objects.requireNonNullElse(form.number(field(n, "scale")), 1.0);
        double start = Objects.requireNonNullElse(form.number(field(n, "start")), 0.0);
        double end = Objects.requireNonNullElse(form.number(field(n, "end")), 1.0);
        ControlInput scaled =
                FieldException.at(
                        field(n, "scale"), () -> input.preparedBy(preprocessor).scaled(scale));
        return FieldException.at(field(n, "start"), () -> scaled.during(start, end));
    }

    private Preprocessor preprocessor(int n) {
        String kind = form.value(field(n, "preprocessor"), Preprocessor.NONE.toString());
        String settings = form.text(field(n, "settings"));
        return Preprocessor.parse(settings.isEmpty() ? kind : kind + "(" + settings + ")");
    }
}
