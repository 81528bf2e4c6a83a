package dev.stanstudio.sd3.metadata;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.pipeline.PromptSyntax;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Finds the settings of a later version's record, which this version would leave out. */
final class UnknownParts extends DeserializationProblemHandler {
    private final Set<String> names = new TreeSet<>();

    private UnknownParts() {}

    /**
     * Notes on the settings which this version leaves out of a record that {@link Provenance}
     * accepts.
     *
     * @param replaced settings of which the record's values are not read
     */
    static List<String> notes(Path file, Set<Setting> replaced) {
        String json = PngText.read(file).getOrDefault(Provenance.KEYWORD, "{}");
        UnknownParts found = new UnknownParts();
        String version;
        try {
            JsonNode record = Provenance.JSON.readTree(json);
            StandIns.put(record.path("request"), replaced);
            Provenance.JSON.readerFor(Provenance.class).withHandler(found).readValue(record);
            version = record.path("version").asText("unknown");
        } catch (IOException e) {
            throw new UserException(file + ": its record of the request is damaged", e);
        }
        if (found.names.isEmpty()) {
            return List.of();
        }
        String text =
                "Version %s made it with settings that this version does not know and"
                        + " leaves out: %s; the picture will not be the same.";
        return List.of(
                text.formatted(
                        PromptSyntax.shown(version),
                        PromptSyntax.shown(String.join(", ", found.names))));
    }

    @Override
    public boolean handleUnknownProperty(
            DeserializationContext context,
            JsonParser parser,
            JsonDeserializer<?> deserializer,
            Object beanOrClass,
            String name)
            throws IOException {
        String place = parser.getParsingContext().pathAsPointer().toString();
        names.add(place.replaceFirst("^/request/|^/", "").replaceAll("/+", "."));
        parser.skipChildren();
        return true;
    }
}
