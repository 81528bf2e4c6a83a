package dev.stanstudio.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class AutogradTest {
    private static final Program CUBE =
            Program.compile(
                    "cube",
                    """
                    def cube(self, x: Tensor, times: int) -> Tensor:
                      return torch.sum(torch.pow(x, 3) * times)
                    """);

    @Test
    void gradientsFlowThroughPrograms() {
        try (Scope scope = Scope.open("test")) {
            Tensor start = Tensors.of(scope, new float[] {1, 2, -3}, 3);
            Tensor x = Tensors.parameter(scope, start, Device.CPU, DType.FP32);
            Tensor unused = Tensors.parameter(scope, start, Device.CPU, DType.FP32);
            TensorList parameters = Tensors.list(scope, List.of(x, unused));
            try (Autograd recording = Autograd.record()) {
                Tensor loss = CUBE.call(scope, "cube", x, 2);
                List<Tensor> gradients = Tensors.gradients(scope, loss, parameters);
                assertEquals(2, gradients.size());
                assertArrayEquals(new float[] {6, 24, 54}, gradients.get(0).toFloats());
                assertArrayEquals(new float[3], gradients.get(1).toFloats());
            }
        }
    }

    @Test
    void nothingIsRecordedOutside() {
        try (Scope scope = Scope.open("test")) {
            Tensor start = Tensors.of(scope, new float[] {1}, 1);
            Tensor x = Tensors.parameter(scope, start, Device.CPU, DType.FP32);
            Tensor loss = CUBE.call(scope, "cube", x, 1);
            TensorList parameters = Tensors.list(scope, List.of(x));
            assertThrows(EngineException.class, () -> Tensors.gradients(scope, loss, parameters));
        }
    }
}
