# Noise levels of a batch.
from dev.stanstudio.engine.types import FP32

# sigmas of B pictures -> [B, 1, 1, 1] in fp32 on the device of x
def sigma_like(self, sigmas: List[float], x: Tensor) -> Tensor:
  s = torch.tensor(sigmas, dtype=FP32, device=ops.prim.device(x))
  return torch.view(s, [-1, 1, 1, 1])
