package dev.stanstudio.web.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.base.Labelled;
import dev.stanstudio.sd3.schedule.SamplerKind;
import dev.stanstudio.web.server.Assets;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The description of the HTTP interface is a file; its samplers must be the program's. */
class SamplerListTest {
    @Test
    void theDescriptionNamesEverySamplerAndNoOther() throws IOException {
        JsonNode description = new ObjectMapper().readTree(Assets.text("openapi.json"));
        List<JsonNode> samplers =
                description.findValues("sampler").stream()
                        .filter(values -> values.has("enum"))
                        .toList();
        assertEquals(1, samplers.size());
        List<String> labels = new ArrayList<>();
        samplers.get(0).path("enum").forEach(label -> labels.add(label.textValue()));
        assertEquals(Labelled.labels(SamplerKind.values()), labels);
    }
}
