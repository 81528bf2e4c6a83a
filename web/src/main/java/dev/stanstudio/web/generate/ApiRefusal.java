package dev.stanstudio.web.generate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import dev.stanstudio.base.Json;
import java.util.List;

/** Explains in the terms of the JSON interface why a body is refused. */
final class ApiRefusal {
    private static final String SEE = "; /openapi.json says what there is";

    private ApiRefusal() {}

    static String of(JsonProcessingException e) {
        if (e instanceof UnrecognizedPropertyException unknown) {
            return "there is no field '" + unknown.getPropertyName() + "'" + SEE;
        }
        if (!(e instanceof JsonMappingException mapping)) {
            return Json.problem(e);
        }
        return mapping.getPath().isEmpty()
                ? "it must be one JSON object and nothing else" + SEE
                : path(mapping.getPath()) + " is of the wrong kind or too large" + SEE;
    }

    /** {@code seeds[2]}. */
    private static String path(List<JsonMappingException.Reference> path) {
        StringBuilder text = new StringBuilder();
        for (JsonMappingException.Reference part : path) {
            if (part.getFieldName() != null) {
                text.append(text.isEmpty() ? "" : ".").append(part.getFieldName());
            } else {
                text.append('[').append(part.getIndex()).append(']');
            }
        }
        return text.toString();
    }
}
