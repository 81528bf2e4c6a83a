package dev.stanstudio.adapter.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.adapter.training.Run;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.safetensors.SafetensorsWriter;
import dev.stanstudio.safetensors.StoredType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectCommandTest {
    @TempDir private Path folder;

    private Path peft() {
        List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
        for (int block : new int[] {0, 1, 2, 5}) {
            String module = "base_model.model.transformer_blocks." + block + ".attn.to_q";
            int rank = block == 5 ? 4 : 2;
            tensors.addAll(Samples.pair(module, rank, 8, 8, ".lora_A.weight", ".lora_B.weight"));
        }
        Samples.write(
                folder.resolve("peft/adapter_model.safetensors"),
                Map.of("note", "hello\u001b[31m red"),
                tensors);
        Samples.json(
                folder.resolve("peft/adapter_config.json"),
                Map.of(
                        "r",
                        2,
                        "lora_alpha",
                        3,
                        "rank_pattern",
                        Map.of("5.attn.to_q", 4),
                        "base_model_name_or_path",
                        "some/model"));
        return folder.resolve("peft");
    }

    private static JsonNode json(Run run) {
        assertEquals(0, run.code(), run::message);
        try {
            return new ObjectMapper().readTree(run.out());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theProgramFindsTheCommand() {
        assertTrue(
                ServiceLoader.load(StudioCommand.class).stream()
                        .anyMatch(command -> command.type() == AdapterCommand.class));
    }

    @Test
    void aCommandMustBeNamed() {
        Run run = Run.of();
        assertEquals(2, run.code());
        assertTrue(
                run.err().contains("analyze, average, check, convert, experiment, inspect, merge"),
                run.err());
    }

    @Test
    void notesThatPeopleWroteAreShown() throws IOException {
        Path peft = peft();
        assertFalse(Run.of("inspect", peft.toString()).out().contains("trigger words"));
        new AdapterNotes("Black strokes\u001b[31m", "ink wash").write(peft);
        String text = Run.of("inspect", peft.toString()).out();
        assertTrue(text.contains("description    Black strokes [31m"), text);
        assertTrue(text.contains("trigger words  ink wash"), text);
        JsonNode notes = json(Run.of("inspect", peft.toString(), "--json")).path("notes");
        assertEquals("ink wash", notes.path("trigger_words").asText());
        assertEquals(2, notes.size(), notes.toString());
        Files.writeString(AdapterNotes.file(peft), "[]");
        assertEquals(AdapterNotes.NONE, AdapterNotes.read(peft));
        Files.writeString(AdapterNotes.file(peft), "{\"description\":");
        assertEquals(AdapterNotes.NONE, AdapterNotes.read(peft));
    }

    @Test
    void textTellsWhatIsInside() throws IOException {
        Path path = peft();
        Run run = Run.of("inspect", path.toString());
        assertEquals(0, run.code(), run::message);
        long bytes = Files.size(path.resolve("adapter_model.safetensors"));
        for (String line :
                List.of(
                        "kind           lora, written by peft",
                        "base model     some/model",
                        "size           " + String.format("%,d", bytes) + " bytes",
                        "rank           2, 4",
                        "alpha          3",
                        "scale          0.75, 1.5",
                        "parameters     160",
                        "modules        4",
                        "  blocks 0-2,5: attn.to_q")) {
            assertTrue(run.out().lines().anyMatch(line::equals), line + "\nin\n" + run.out());
        }
    }

    @Test
    void controlCharactersOfTheFileAreNotPrinted() {
        String out = Run.of("inspect", peft().toString()).out();
        assertTrue(out.contains("note = hello [31m red"), out);
        assertFalse(out.contains("\u001b"), out);
    }

    @Test
    void jsonHasEverything() {
        JsonNode json = json(Run.of("inspect", peft().toString(), "--json"));
        assertEquals("lora", json.path("kind").asText());
        assertEquals("peft", json.path("format").asText());
        assertEquals("some/model", json.path("base_model").asText());
        assertEquals("[2,4]", json.path("ranks").toString());
        assertEquals("[0.75,1.5]", json.path("scales").toString());
        assertEquals(
                "[{\"blocks\":\"0-2,5\",\"modules\":[\"attn.to_q\"]}]",
                json.path("targets").toString());
        assertEquals(160, json.path("parameters").asInt());
        assertTrue(json.path("sha256").asText().matches("[0-9a-f]{64}"));
        assertEquals("hello\u001b[31m red", json.path("metadata").path("note").asText());
        assertEquals("{}", json.path("text_encoders").toString());
        assertFalse(json.has("model"));
    }

    @Test
    void aModelShowsWhatMatches() {
        Path model = Samples.model(folder.resolve("model"), StoredType.F32);
        Path lora =
                Samples.diffusers(
                        folder, "transformer_blocks.0.attn.to_q", "proj_out", "norm_out.linea");
        String[] args = {"inspect", lora.toString(), "--model", model.toString(), "--json"};
        JsonNode match = json(Run.of(args)).path("model");
        assertEquals("[\"transformer_blocks.0.attn.to_q\"]", match.path("matched").toString());
        JsonNode unmatched = match.path("unmatched").path(0);
        assertEquals("norm_out.linea", unmatched.path("module").asText());
        assertEquals("norm_out.linear", unmatched.path("nearest").path(0).asText());
        assertEquals(
                "[{\"module\":\"proj_out\",\"adapter_shape\":[8,8],\"model_shape\":[64,8]}]",
                match.path("wrong_shape").toString());
        String text = Run.of("inspect", lora.toString(), "--model", model.toString()).out();
        assertTrue(text.contains("matched        1 of 3 modules"), text);
        assertTrue(text.contains("  norm_out.linea; nearest: norm_out.linear, "), text);
        assertTrue(text.contains("  proj_out needs [8, 8], the model has [64, 8]"), text);
    }

    @Test
    void aModelIsFoundByItsNameAsWhereOneDraws() {
        Path lora = Samples.diffusers(folder, "transformer_blocks.0.attn.to_q");
        Run run = Run.of("inspect", lora.toString(), "--model", "no-such-model");
        assertTrue(run.message().contains("neither as a path nor in"), run.message());
    }

    @Test
    void anAdapterOfAnotherModelIsAnErrorThatNamesNeighbours() {
        Path model = Samples.model(folder.resolve("model"), StoredType.F32);
        Path lora = Samples.diffusers(folder, "transformer_blocks.9.attn.to_q");
        Run run = Run.of("inspect", lora.toString(), "--model", model.toString());
        assertEquals(1, run.code());
        assertInstanceOf(UserException.class, run.failure());
        assertTrue(
                run.message()
                        .contains(
                                "nearest to transformer_blocks.9.attn.to_q are"
                                        + " transformer_blocks.0.attn.to_q"),
                run.message());
        assertNull(Run.of("inspect", lora.toString()).failure());
    }

    @Test
    void textEncodersAreTold() {
        Path file =
                Samples.write(
                        folder.resolve("te.safetensors"),
                        Map.of(),
                        Samples.pair(
                                "lora_te2_text_model_q_proj",
                                2,
                                4,
                                4,
                                ".lora_down.weight",
                                ".lora_up.weight"));
        String out = Run.of("inspect", file.toString()).out();
        assertTrue(out.contains("text_encoder_2 modules: 1, not applied"), out);
    }
}
