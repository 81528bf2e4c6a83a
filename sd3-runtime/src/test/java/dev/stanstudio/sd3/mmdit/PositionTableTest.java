package dev.stanstudio.sd3.mmdit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.testing.Goldens;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionTableTest {
    @ParameterizedTest
    @ValueSource(strings = {"tiny-3.0", "tiny-3.5"})
    void isTheReferences(String model) {
        Path folder = Path.of("src/test/resources/reference", model);
        try (ModelSource source = ModelSource.open(folder, null, null);
                Scope scope = Scope.open("test")) {
            Tensor wanted = source.transformer().open(scope, "pos_embed.pos_embed");
            Tensor made = PositionTable.of(scope, source.transformerConfig());
            double worst = Goldens.difference(made, wanted);
            System.out.println(model + ": worst difference of the position table " + worst);
            assertTrue(worst < 5e-3, "differs by " + worst);
        }
    }
}
