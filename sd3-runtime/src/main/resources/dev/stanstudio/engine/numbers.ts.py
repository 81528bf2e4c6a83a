# Numbers of Java as tensors. `torch.tensor` of a list is made on the host and copied, for which the host waits until a card has done all
# that it was given before; a fill is one more thing that the card is given.
from dev.stanstudio.engine.types import FP32

# the numbers in fp32 on the device of x: [n]
def numbers_like(self, numbers: List[float], x: Tensor) -> Tensor:
  filled: List[Tensor] = []
  for number in numbers:
    filled = torch.append(filled, torch.full([1], number, dtype=FP32, device=ops.prim.device(x)))
  return torch.cat(filled)
