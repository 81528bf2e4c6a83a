# Noise levels of a batch.
from dev.stanstudio.engine.numbers import numbers_like

# sigmas of B pictures -> [B, 1, 1, 1] in fp32 on the device of x
def sigma_like(self, sigmas: List[float], x: Tensor) -> Tensor:
  return torch.view(self.numbers_like(sigmas, x), [-1, 1, 1, 1])
