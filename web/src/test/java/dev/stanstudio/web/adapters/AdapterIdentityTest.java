package dev.stanstudio.web.adapters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.Sha256;
import dev.stanstudio.web.generate.DrawingStudio;
import dev.stanstudio.web.generate.DrawingStudio.Ordered;
import dev.stanstudio.web.generate.DrawingStudio.Visitor;
import dev.stanstudio.web.home.Database;
import dev.stanstudio.web.home.StudioHome;
import dev.stanstudio.web.testing.PartialAdapter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An adapter is what its name and hash say: nothing takes its place unsaid. */
class AdapterIdentityTest {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String BUILT_IN = "studio.adapters";
    private static final String INK = "ink.safetensors";

    @TempDir Path folder;

    private String shipped = "";

    @BeforeEach
    void shipAdapters() {
        shipped = System.getProperty(BUILT_IN, "");
        System.setProperty(BUILT_IN, Path.of("../stan-adapter/models").toAbsolutePath().toString());
    }

    @AfterEach
    void forgetAdapters() {
        if (shipped.isEmpty()) {
            System.clearProperty(BUILT_IN);
        } else {
            System.setProperty(BUILT_IN, shipped);
        }
    }

    private Path adapters() throws IOException {
        return Files.createDirectories(folder.resolve("adapters"));
    }

    private Path ink() throws IOException {
        return PartialAdapter.write(adapters().resolve(INK));
    }

    private static Ordered order(Visitor visitor) {
        return visitor.order(
                "\"prompts\":[\"boat\"],\"steps\":1,\"methods\":[\"none\",\"" + INK + "\"]");
    }

    private static String page(Visitor visitor, String path) {
        HttpResponse<byte[]> answer = visitor.get(path);
        assertEquals(200, answer.statusCode(), path);
        return Visitor.text(answer);
    }

    private static HttpResponse<byte[]> train(Visitor visitor, String name, String more) {
        return train(visitor, name, "nano", more);
    }

    private static HttpResponse<byte[]> train(
            Visitor visitor, String name, String preset, String more) {
        String model = URLEncoder.encode(DrawingStudio.model(), StandardCharsets.UTF_8);
        return visitor.post(
                "/adapters/train",
                FORM,
                "name=%s&kind=lora&preset=%s&collection=procedural&model=%s%s"
                        .formatted(name, preset, model, more));
    }

    private static void assertRefused(HttpResponse<byte[]> answer, String field, String words) {
        String page = Visitor.text(answer);
        assertEquals(422, answer.statusCode(), page);
        String beside = "id=\"" + field + "-refused\">";
        assertTrue(page.contains(beside), page);
        String message =
                page.substring(page.indexOf(beside), page.indexOf("</p>", page.indexOf(beside)));
        assertTrue(message.contains(words), message);
    }

    @Test
    void aTrainingTakesNoNameThatIsTaken() throws IOException {
        ink();
        try (DrawingStudio studio = new DrawingStudio(folder, 0)) {
            Visitor visitor = studio.visitor();
            for (String name : List.of("lora-nano", "LoRA-Nano", "ink", INK)) {
                assertRefused(train(visitor, name, ""), "name", "already; choose another name");
            }
            assertRefused(train(visitor, "none", ""), "name", "cannot be a name");
            assertFalse(page(visitor, "/adapters").contains("Training "), "nothing waits");
        }
    }

    @Test
    void aTrainingThatCannotWorkIsRefusedAtItsField() throws IOException {
        try (DrawingStudio studio = new DrawingStudio(folder, 0)) {
            Visitor visitor = studio.visitor();
            assertRefused(
                    train(visitor, "a", "&styles=ukiyo-e,nonsense"),
                    "styles",
                    "no style 'nonsense'");
            assertRefused(train(visitor, "a", "&folder=/nowhere"), "folder", "/nowhere");
            assertRefused(train(visitor, "a", "&batch=9999999"), "batch", "9999999");
            assertRefused(train(visitor, "a", "&lr=fast"), "lr", "'fast'");
            assertRefused(train(visitor, "a", "paper", ""), "preset", "knows at most");
            assertRefused(train(visitor, "a", "&start=stan-nano"), "start", "cannot begin with");
            assertFalse(Files.exists(adapters().resolve("a")), "its name is free");
            assertEquals(
                    303, train(visitor, "a", "&styles=Ukiyo_E,post-impressionism").statusCode());
        }
    }

    @Test
    void aPictureSaysWhichAdapterIsGoneOrAnother() throws IOException {
        Path file = ink();
        String hash = Sha256.ofFile(file).substring(0, 10);
        try (DrawingStudio studio = new DrawingStudio(folder, 1)) {
            Visitor visitor = studio.visitor();
            Ordered order = order(visitor).awaitDone();
            String again = "/generate?from=" + order.id(1);
            assertTrue(page(visitor, "/generate/" + order.id()).contains(hash), "column's hash");
            assertTrue(page(visitor, again).contains("value=\"" + INK + "\" checked"));

            PartialAdapter.write(file, 0.2f);
            String other = Sha256.ofFile(file).substring(0, 10);
            String words = "is another one now, of hash %s instead of %s".formatted(other, hash);
            for (String path : List.of(again, "/generate/" + order.id())) {
                String page = page(visitor, path);
                assertTrue(page.contains(words), page);
                assertFalse(page.contains("value=\"" + INK + "\" checked"), path);
            }

            Files.delete(file);
            assertTrue(page(visitor, again).contains(INK + " is not here (hash " + hash + ")"));
        }
    }

    /** Its hash stays the same, since alpha stands in another file than its tensors. */
    @Test
    void aPictureSaysThatASettingOfItsAdapterChanged() throws IOException {
        Path own = Files.createDirectories(adapters().resolve("own"));
        PartialAdapter.write(own.resolve("adapter_model.safetensors"));
        String settings = "{\"peft_type\": \"LORA\", \"r\": 2, \"lora_alpha\": %d}";
        Path config = own.resolve("adapter_config.json");
        Files.writeString(config, settings.formatted(2));
        try (DrawingStudio studio = new DrawingStudio(folder, 1)) {
            Visitor visitor = studio.visitor();
            Ordered order =
                    visitor.order("\"prompts\":[\"boat\"],\"steps\":1,\"methods\":[\"own\"]")
                            .awaitDone();
            String again = "/generate?from=" + order.id(0);
            assertFalse(page(visitor, again).contains("have changed since"));
            Files.writeString(config, settings.formatted(4));
            Files.setLastModifiedTime(config, FileTime.fromMillis(1_000_000));
            assertTrue(page(visitor, again).contains("have changed since"));
        }
    }

    /** Its matrix names the hash of the adapter that was ordered above every picture. */
    @Test
    void noPictureIsDrawnByAnAdapterThatWasReplacedWhileItWaited() throws IOException {
        Path file = ink();
        try (DrawingStudio studio = new DrawingStudio(folder, 1)) {
            Visitor visitor = studio.visitor();
            visitor.post("/queue/pause");
            Ordered order = order(visitor);
            PartialAdapter.write(file, 0.2f);
            visitor.post("/queue/resume");
            order.await(now -> now.equals(List.of("done", "failed")));
            String why = order.pictures().get(1).path("remark").asText();
            assertTrue(why.contains(INK + " is not the adapter that was ordered"), why);
            assertEquals(404, visitor.get("/pictures/" + order.id(1) + ".png").statusCode());
        }
    }

    /** Another adapter in its place would be read under its name and hash. */
    @Test
    void anAnalysisKeepsTheHashOfTheAdapterThatItWasOrderedFor() throws IOException {
        String hash = Sha256.ofFile(ink());
        try (DrawingStudio studio = new DrawingStudio(folder, 0)) {
            String order = "/api/adapters/" + INK + "/analysis";
            String body = "{\"collection\":\"procedural\"}";
            assertEquals(201, studio.visitor().post(order, "application/json", body).statusCode());
        }
        try (Database database = Database.open(null, new StudioHome(folder).databaseFile())) {
            String commands =
                    database.jdbi()
                            .withHandle(
                                    h ->
                                            h.createQuery("SELECT commands FROM job")
                                                    .mapTo(String.class)
                                                    .one());
            assertTrue(commands.contains("\"kind\":\"ADAPTER\""), commands);
            assertTrue(commands.contains("\"hash\":\"" + hash + " "), commands);
        }
    }

    @Test
    void anAdapterIsFoundUnderItsNewName() throws IOException {
        ink();
        try (DrawingStudio studio = new DrawingStudio(folder, 1)) {
            Visitor visitor = studio.visitor();
            Ordered order = order(visitor).awaitDone();
            visitor.post(
                    "/adapters/" + INK + "/describe",
                    FORM,
                    "description=Black+strokes&trigger-words=ink+wash");
            visitor.post("/adapters/" + INK + "/rename", FORM, "name=brush");
            String page = page(visitor, "/adapters");
            assertTrue(page.contains("id=\"brush.safetensors\""), page);
            assertTrue(page.contains("Black strokes"), "the description went along");
            assertTrue(
                    page(visitor, "/generate?from=" + order.id(1))
                            .contains("value=\"brush.safetensors\" checked"));
            String draw = page(visitor, "/generate?with=brush.safetensors");
            assertTrue(draw.contains("ink wash</textarea>"), draw);
            assertTrue(draw.contains("value=\"brush.safetensors\" checked"), draw);
            assertEquals(
                    409,
                    visitor.post("/adapters/brush.safetensors/rename", FORM, "name=stan-nano")
                            .statusCode());
        }
    }

    @Test
    void aDeletedAdapterComesBack() throws IOException {
        Path file = ink();
        String hash = Sha256.ofFile(file);
        try (DrawingStudio studio = new DrawingStudio(folder, 0)) {
            Visitor visitor = studio.visitor();
            visitor.post("/adapters/" + INK + "/describe", FORM, "description=Black+strokes");
            String bin =
                    visitor.post("/adapters/" + INK + "/delete")
                            .headers()
                            .firstValue("Location")
                            .orElseThrow();
            assertFalse(Files.exists(file));
            assertTrue(page(visitor, bin).contains("Undo"), bin);
            String restore = "/adapters/bin/%s/restore".formatted(bin.replaceFirst(".*=", ""));
            PartialAdapter.write(file, 0.2f);
            assertEquals(409, visitor.post(restore).statusCode(), "its name was taken");
            Files.delete(file);
            assertEquals(303, visitor.post(restore).statusCode());
            assertEquals(hash, Sha256.ofFile(file));
            String page = page(visitor, "/adapters");
            assertTrue(page.contains("Black strokes"), page);
            assertFalse(page.contains("Restore"), page);
        }
    }

    @Test
    void whatIsInUseOrBuiltInStays() throws IOException {
        Path file = ink();
        try (DrawingStudio studio = new DrawingStudio(folder, 0)) {
            Visitor visitor = studio.visitor();
            order(visitor);
            HttpResponse<byte[]> used = visitor.post("/adapters/" + INK + "/delete");
            assertEquals(409, used.statusCode());
            assertTrue(Visitor.text(used).contains("in use by pictures in the queue"));
            assertTrue(Files.exists(file));
            for (String change : List.of("delete", "rename", "describe")) {
                HttpResponse<byte[]> kept =
                        visitor.post("/adapters/lora-nano/" + change, FORM, "name=x");
                assertEquals(409, kept.statusCode(), change);
                assertTrue(Visitor.text(kept).contains("comes with the program"), change);
            }
        }
    }

    @Test
    void anAdapterIsDownloadedAsItIs() throws IOException {
        Path file = ink();
        try (DrawingStudio studio = new DrawingStudio(folder, 0)) {
            byte[] sent = studio.visitor().get("/adapters/" + INK + "/download").body();
            assertEquals(Sha256.ofFile(file), Sha256.of(sent));
            List<String> names = new ArrayList<>();
            byte[] zip = studio.visitor().get("/adapters/lora-nano/download").body();
            try (ZipInputStream entries = new ZipInputStream(new ByteArrayInputStream(zip))) {
                for (ZipEntry e = entries.getNextEntry(); e != null; e = entries.getNextEntry()) {
                    names.add(e.getName());
                }
            }
            assertTrue(names.contains("lora-nano/adapter_model.safetensors"), names.toString());
        }
    }

    @Test
    void settingsAreWords() {
        try (DrawingStudio studio = new DrawingStudio(folder, 0)) {
            String page = page(studio.visitor(), "/adapters");
            assertTrue(page.contains("rank 6, alpha 6"), page);
            assertTrue(page.contains("96 features, 16 of them active for a token"), page);
            assertTrue(page.contains("never revived"), page);
            assertFalse(page.contains("Lora["), page);
            assertFalse(page.contains(String.valueOf(Long.MAX_VALUE)), page);
        }
    }

    @Test
    void ofTwoAdaptersOfOneNameEachHasAnother() throws IOException {
        Path built = Path.of("../stan-adapter/models/lora-nano-ukiyo-e");
        Path own = Files.createDirectory(adapters().resolve("lora-nano"));
        for (String name : List.of("adapter_config.json", "adapter_model.safetensors")) {
            Files.copy(built.resolve(name), own.resolve(name));
        }
        Path shippedFile = Path.of("../stan-adapter/models/lora-nano/adapter_model.safetensors");
        String distinct = "lora-nano-" + Sha256.ofFile(shippedFile).substring(0, 10);
        try (DrawingStudio studio = new DrawingStudio(folder, 0)) {
            String page = page(studio.visitor(), "/adapters");
            assertTrue(page.contains("id=\"lora-nano\""), page);
            assertTrue(page.contains("id=\"" + distinct + "\""), page);
        }
    }
}
