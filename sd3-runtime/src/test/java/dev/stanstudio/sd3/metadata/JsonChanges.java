package dev.stanstudio.sd3.metadata;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Changes a random part of a JSON tree to something odd, or takes it out. */
final class JsonChanges {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> ODD =
            List.of(
                    "null",
                    "{}",
                    "[]",
                    "\"\"",
                    "\"a\\u0000b\"",
                    "-1",
                    "0",
                    "1e400",
                    "99999999999999999999",
                    "1.5",
                    "true",
                    "[null]",
                    "[[]]",
                    "{\"a\":1}",
                    "\"\\ud800\"",
                    "2147483647",
                    "\"x\"");

    private JsonChanges() {}

    static void change(JsonNode record, Random random) throws JsonProcessingException {
        List<Runnable> places = new ArrayList<>();
        JsonNode odd = JSON.readTree(ODD.get(random.nextInt(ODD.size())));
        collect(record, odd, random.nextInt(4) == 0, places);
        places.get(random.nextInt(places.size())).run();
    }

    private static void collect(
            JsonNode node, JsonNode odd, boolean remove, List<Runnable> places) {
        if (node instanceof ObjectNode object) {
            object.fieldNames()
                    .forEachRemaining(
                            name -> {
                                places.add(
                                        () -> {
                                            if (remove) {
                                                object.remove(name);
                                            } else {
                                                object.set(name, odd);
                                            }
                                        });
                                collect(object.get(name), odd, remove, places);
                            });
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                int index = i;
                places.add(() -> array.set(index, odd));
                collect(array.get(i), odd, remove, places);
            }
        }
    }
}
