package dev.stanstudio.web.generate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import dev.stanstudio.base.Json;

/** Explains in the terms of the JSON interface why a body is refused. */
final class ApiRefusal {
    private static final String SEE = "; /openapi.json says what there is";

    private ApiRefusal() {}

    static String of(JsonProcessingException e) {
        if (!(e instanceof JsonMappingException mapping)) {
            return Json.problem(e);
        }
        boolean named = e instanceof UnrecognizedPropertyException || !mapping.getPath().isEmpty();
        return (named ? Json.problem(e) : "it must be one JSON object and nothing else") + SEE;
    }
}
