package dev.stanstudio.web.adapters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.sd3.metadata.Provenance;
import dev.stanstudio.web.generate.DrawingStudio;
import dev.stanstudio.web.generate.DrawingStudio.Ordered;
import dev.stanstudio.web.generate.DrawingStudio.Visitor;
import dev.stanstudio.web.testing.PartialAdapter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Parts of an adapter that are not applied are said before and after a picture, on pages and as
 * JSON.
 */
class PartialAdapterTest {
    private static final String NAME = "half.safetensors";

    @TempDir Path folder;

    @Test
    void everyPlaceThatShowsTheAdapterSaysWhatIsLeftOut() throws IOException {
        PartialAdapter.write(Files.createDirectories(folder.resolve("adapters")).resolve(NAME));
        try (DrawingStudio studio = new DrawingStudio(folder, 1)) {
            Visitor visitor = studio.visitor();
            assertSaid(Visitor.text(visitor.get("/generate")));
            assertSaid(Visitor.text(visitor.get("/adapters")));
            Ordered order =
                    visitor.order(
                                    "\"prompts\":[\"boat\"],\"steps\":1,\"methods\":[\""
                                            + NAME
                                            + "\"]")
                            .awaitDone();
            JsonNode picture = order.pictures().get(0);
            assertSaid(picture.path("remark").asText());
            assertSaid(Visitor.text(visitor.get("/generate/" + order.id())));
            assertSaid(Visitor.text(visitor.get("/pictures/" + order.id(0))));
            Path png = folder.resolve("picture.png");
            Files.write(png, visitor.get(picture.path("png").asText()).body());
            assertSaid(
                    Provenance.read(png)
                            .orElseThrow()
                            .request()
                            .adapters()
                            .get(0)
                            .notApplied()
                            .toString());
        }
    }

    private static void assertSaid(String text) {
        assertTrue(text.contains(PartialAdapter.SAID), text);
    }

    @Test
    void anAdapterOfAnotherKindSaysWhichItIs() throws IOException {
        Path file = Files.createDirectories(folder.resolve("adapters")).resolve(NAME);
        PartialAdapter.writeOther(file);
        try (DrawingStudio studio = new DrawingStudio(folder, 1)) {
            String page = Visitor.text(studio.visitor().get("/generate"));
            assertTrue(page.contains("uses a Tucker decomposition"), page);
            assertEquals(
                    400,
                    studio.visitor()
                            .post(
                                    "/api/matrices",
                                    "application/json",
                                    "{\"prompts\":[\"a\"],\"methods\":[\"" + NAME + "\"]}")
                            .statusCode());
        }
    }
}
