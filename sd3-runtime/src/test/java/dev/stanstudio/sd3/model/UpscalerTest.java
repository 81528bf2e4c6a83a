package dev.stanstudio.sd3.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.vae.Upscaler;
import dev.stanstudio.testing.Goldens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Upscalers under each of their names against a plain implementation. */
class UpscalerTest {
    private static final double BOUND = 2e-5;

    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource({"old,4", "single,2", "folded,2", "release,4", "compact,2"})
    void equalsAPlainImplementation(String name, int scale) {
        try (UpscalerSource source =
                        UpscalerSource.open(Goldens.own("upscalers/" + name + ".safetensors"));
                Upscaler upscaler = source.load(Device.CPU);
                Goldens.File golden =
                        new Goldens.File(Goldens.own("upscalers/answers.safetensors"));
                Scope scope = Scope.open("test")) {
            assertEquals(scale, upscaler.scale());
            Tensor ours = upscaler.enlarge(scope, golden.tensor("picture"), () -> {});
            Goldens.compare("upscaler " + name, ours, golden.tensor(name), BOUND);
        }
    }

    @Test
    void tilesOfALargePictureEqualTheWholeAwayFromTheirFades() {
        try (UpscalerSource source =
                        UpscalerSource.open(Goldens.own("upscalers/compact.safetensors"));
                Upscaler upscaler = source.load(Device.CPU);
                Goldens.File golden =
                        new Goldens.File(Goldens.own("upscalers/answers.safetensors"));
                Scope scope = Scope.open("test")) {
            Tensor small = golden.tensor("picture");
            Tensor row = small;
            while (row.size(3) <= 2 * Upscaler.TILE) {
                row = Tensors.concat(scope, List.of(row, row), 3);
            }
            Tensor tiled = upscaler.enlarge(scope, row, () -> {});
            assertEquals(2 * row.size(2), tiled.size(2));
            assertEquals(2 * row.size(3), tiled.size(3));
            long cut = Upscaler.TILE / 2;
            Tensor part = Tensors.narrow(scope, row, 3, 0, cut);
            Tensor whole = upscaler.enlarge(scope, part, () -> {});
            long same = 2 * (cut - 8);
            Goldens.compare(
                    "first tile",
                    Tensors.narrow(scope, tiled, 3, 0, same),
                    Tensors.narrow(scope, whole, 3, 0, same),
                    BOUND);
            Goldens.compare( // two periods within the fade, and two before it
                    "within the fade",
                    Tensors.narrow(scope, tiled, 3, 400, 480),
                    Tensors.narrow(scope, tiled, 3, 80, 160),
                    BOUND);
        }
    }

    @Test
    void refusesOtherFilesInOneLine() throws IOException {
        Path pickle = Files.write(folder.resolve("4x.pth"), new byte[] {'P', 'K', 3, 4});
        refuses(pickle, "torch.load('4x.pth', map_location='cpu', weights_only=True)");
        refuses(folder.resolve("none.safetensors"), "there is no upscaler at ");
        refuses(folder, "is a folder");
        refuses(
                Goldens.own("ip-adapters/plain/ip-adapter.safetensors"),
                "is no upscaler that is read here");
        refuses(
                Goldens.own("tiny-3.0/vae/diffusion_pytorch_model.safetensors"),
                "is no upscaler that is read here");
    }

    private static void refuses(Path file, String words) {
        UserException refusal =
                assertThrows(UserException.class, () -> UpscalerSource.open(file).close());
        String message = String.valueOf(refusal.getMessage());
        assertTrue(message.contains(words) && !message.contains("\n"), message);
    }
}
