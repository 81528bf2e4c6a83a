package dev.stanstudio.web.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.pipeline.ImageInput;
import dev.stanstudio.web.generate.DrawingStudio.Ordered;
import dev.stanstudio.web.generate.DrawingStudio.Visitor;
import dev.stanstudio.web.library.ModelCache;
import dev.stanstudio.web.picture.StoredPicture;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A finished picture drawn again with other seeds, and larger. */
class MoreLikeThisTest {
    @TempDir Path folder;

    private static Ordered posted(Visitor visitor, String path) {
        HttpResponse<byte[]> answer = visitor.post(path);
        assertEquals(303, answer.statusCode(), Visitor.text(answer));
        String address = answer.headers().firstValue("Location").orElse("");
        return new Ordered(visitor, address.substring(address.lastIndexOf('/') + 1)).awaitDone();
    }

    @Test
    void theSameSettingsAreDrawnWithOtherSeedsAndTwiceAsLarge() {
        try (DrawingStudio studio = new DrawingStudio(folder, 1)) {
            Visitor visitor = studio.visitor();
            Ordered order =
                    visitor.order(
                            "\"prompts\":[\"a boat\"],\"styles\":[\"woodcut\"],\"seeds\":[5],"
                                    + "\"negative\":\"fog\",\"steps\":2,\"guidance\":3.5");
            order.awaitDone();
            String id = order.id(0);
            GenerationRequest first = studio.pictures().request(id).orElseThrow();
            Ordered varied = posted(visitor, "/pictures/" + id + "/vary");
            HashSet<Long> seeds = new HashSet<>(List.of(5L));
            for (JsonNode picture : varied.pictures()) {
                GenerationRequest request = request(studio, picture);
                seeds.addAll(request.seeds());
                assertEquals(first.prompt(), request.prompt());
                assertEquals(first.negative(), request.negative());
                assertEquals(first.sampling(), request.sampling());
                assertEquals(List.of(64, 48), List.of(request.width(), request.height()));
            }
            assertEquals(5, seeds.size());
            Ordered large = posted(visitor, "/pictures/" + id + "/upscale");
            GenerationRequest request = request(studio, large.pictures().get(0));
            @Nullable ImageInput start = request.image();
            assertEquals(List.of(128, 96), List.of(request.width(), request.height()));
            assertEquals(first.prompt(), request.prompt());
            assertTrue(start != null && start.path().contains(id), String.valueOf(start));
        }
    }

    private static GenerationRequest request(DrawingStudio studio, JsonNode picture) {
        return studio.pictures().request(picture.path("id").asText()).orElseThrow();
    }

    @Test
    void aModelThatDrawsNothingLargerIsNamed() {
        try (PaintedStudio studio = new PaintedStudio(folder);
                ModelCache models = new ModelCache(studio.studio.studio.work())) {
            int most = models.limits(DrawingStudio.model()).most();
            int side = most / 2 + 16;
            StoredPicture picture =
                    studio.paint(
                                    studio.request(
                                            List.of("a boat"), List.of(""), List.of(1L), side),
                                    false)
                            .get(0);
            Visitor visitor = studio.studio.visitor();
            String part = Visitor.text(visitor.get("/pictures/" + picture.id() + "/like"));
            assertTrue(part.contains("at most " + most + " pixels a side"), part);
            assertFalse(part.contains("upscale"), part);
            HttpResponse<byte[]> answer = visitor.post("/pictures/" + picture.id() + "/upscale");
            assertEquals(400, answer.statusCode());
        }
    }
}
