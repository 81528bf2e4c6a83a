# Losses in fp32.
from dev.stanstudio.engine.types import FP32

def mean_square(self, made: Tensor, wanted: Tensor) -> Tensor:
  d = torch.to(made, FP32) - torch.to(wanted, FP32)
  return torch.mean(d * d)
