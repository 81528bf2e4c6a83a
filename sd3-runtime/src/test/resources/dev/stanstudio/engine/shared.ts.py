# Names and a method that several texts share.
from dev.stanstudio.engine.types import FP32

TWO = 2
Pair = Tuple[Tensor, Tensor]
Pairs = List[Pair]

def twice(self, x: Tensor) -> Tensor:
  return torch.to(x, FP32) * TWO
