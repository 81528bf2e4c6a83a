package dev.stanstudio.web.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.sd3.pipeline.SamplingOptions;
import dev.stanstudio.sd3.pipeline.WeightedAdapter;
import dev.stanstudio.web.generate.DrawingStudio.Visitor;
import dev.stanstudio.web.matrix.Method;
import dev.stanstudio.web.picture.MatrixRequest;
import dev.stanstudio.web.picture.StoredPicture;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tells an adapter from another that had its name before, wherever pictures of both are read. */
class AdapterIdentityTest {
    @TempDir Path folder;

    private static StoredPicture painted(PaintedStudio painted, List<Method> methods) {
        return painted.paint(
                        new MatrixRequest(
                                DrawingStudio.model(),
                                List.of("a boat"),
                                List.of(),
                                methods,
                                List.of(1L),
                                "",
                                64,
                                64,
                                SamplingOptions.of(painted.studio.defaults()),
                                null),
                        false)
                .get(0);
    }

    private static List<Method> trained(String digit) {
        WeightedAdapter use = new WeightedAdapter("/adapters/stan", digit.repeat(64), 1);
        return List.of(new Method("stan", List.of(use)));
    }

    private static String page(PaintedStudio painted, String path) {
        HttpResponse<byte[]> answer = painted.studio.visitor().get(path);
        assertEquals(200, answer.statusCode(), path);
        return Visitor.text(answer);
    }

    @Test
    void twoAdaptersOfOneNameAreToldApart() {
        try (PaintedStudio painted = new PaintedStudio(folder)) {
            StoredPicture before = painted(painted, trained("a"));
            StoredPicture after = painted(painted, trained("b"));
            StoredPicture alone = painted(painted, List.of(Method.NONE));
            String a = "<code>aaaaaaaaaa</code>";
            String b = "<code>bbbbbbbbbb</code>";

            String gallery = page(painted, "/gallery");
            assertTrue(gallery.contains("stan " + a + " " + b + " <span"), gallery);
            assertTrue(gallery.contains("no adapter <span"), gallery);

            String compared = page(painted, "/compare?a=" + before.id() + "&b=" + after.id());
            assertTrue(compared.contains("<code class=\"faint\">aaaaaaaaaa</code>"), compared);
            assertTrue(compared.contains("<code class=\"faint\">bbbbbbbbbb</code>"), compared);

            HttpResponse<byte[]> form =
                    painted.studio
                            .visitor()
                            .post(
                                    "/studies/new",
                                    "application/x-www-form-urlencoded",
                                    "id=%s&id=%s&id=%s"
                                            .formatted(before.id(), after.id(), alone.id()));
            String study = Visitor.text(form);
            for (String method : List.of("stan aaaaaaaaaa", "stan bbbbbbbbbb", "no adapter")) {
                assertTrue(study.contains(method), study);
            }
        }
    }
}
