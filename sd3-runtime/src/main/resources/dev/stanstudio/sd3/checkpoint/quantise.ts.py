# Matrices of weights in eight bits with a scale for each row, and back. Everything is computed in fp32.
from dev.stanstudio.engine.types import FP32, INT8, FP8_E4M3

# w [rows, columns], the largest number n of the eight bits -> scale [rows, 1]: max |w| / n, and 1 for a row of zeros
def row_scale(self, w: Tensor, n: float) -> Tensor:
  scale = torch.div(torch.amax(torch.abs(w), [1], True), n)
  return torch.masked_fill(scale, torch.eq(scale, 0), 1)

# w [rows, columns] -> w / scale rounded half to even to -127 ... 127, and scale
def to_int8(self, w: Tensor) -> Tuple[Tensor, Tensor]:
  wide = torch.to(w, FP32)
  scale = self.row_scale(wide, 127.)
  q = torch.to(torch.clamp(torch.round(torch.div(wide, scale)), -127, 127), INT8)
  return (q, scale)

# w [rows, columns] -> w / scale rounded half to even to a number of e4m3, whose largest is 448, and scale
def to_fp8(self, w: Tensor) -> Tuple[Tensor, Tensor]:
  wide = torch.to(w, FP32)
  scale = self.row_scale(wide, 448.)
  q = torch.to(torch.clamp(torch.div(wide, scale), -448, 448), FP8_E4M3)
  return (q, scale)

# q * scale in fp32
def widen(self, q: Tensor, scale: Tensor) -> Tensor:
  return torch.mul_(torch.to(q, FP32), scale)
