package dev.stanstudio.adapter.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.adapter.file.AdapterFile;
import dev.stanstudio.adapter.kind.AdapterKind;
import dev.stanstudio.adapter.kind.Lora;
import dev.stanstudio.adapter.kind.Stan;
import dev.stanstudio.base.ArgumentException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An adapter that is trained further by other settings than it was trained with. */
class EarlierAdapterTest {
    private static final Path STAN = Path.of("src/test/resources/interop/adapters/value.tiny-3.0");
    private static final Path LORA = Path.of("models/lora-nano");

    private static List<String> changes(AdapterFile file, AdapterKind kind) {
        return EarlierAdapter.changes(file, kind, file.modules());
    }

    @Test
    void anotherUseOfTheSameWeightsIsSaid() {
        try (AdapterFile file = AdapterFile.open(STAN)) {
            Stan same = (Stan) file.record().orElseThrow().kind();
            assertEquals(List.of(), changes(file, same));
            List<String> said = changes(file, withK(same, 4));
            assertEquals(1, said.size());
            assertTrue(said.get(0).contains("stan, factor 0.33333334, 3 of 12 active"));
            assertTrue(said.get(0).contains("begins with stan, factor 0.25, 4 of 12 active"));
        }
        try (AdapterFile file = AdapterFile.open(LORA)) {
            assertEquals(List.of(), changes(file, Lora.of(6, 6)));
            String said = changes(file, Lora.of(6, 12)).get(0);
            assertTrue(said.contains("begins with low rank, factor 2.0,"), said);
        }
    }

    @Test
    void anotherKindIsNamed() {
        try (AdapterFile file = AdapterFile.open(STAN)) {
            String refused =
                    String.valueOf(
                            assertThrows(
                                            ArgumentException.class,
                                            () ->
                                                    EarlierAdapter.refuseOtherKind(
                                                            file, Lora.of(12, 12)))
                                    .getMessage());
            assertTrue(refused.startsWith("--method lora cannot begin with "), refused);
            assertTrue(refused.contains(", a stan; give --method its kind"), refused);
        }
    }

    private static Stan withK(Stan like, int k) {
        return new Stan(
                like.width(),
                k,
                like.selection(),
                like.averaged(),
                like.tied(),
                like.revival(),
                like.widths(),
                like.kept(),
                like.groups());
    }
}
