# Rectified flow (Liu et al. 2022; Esser et al. 2024, section 2): straight paths between data x and noise n. B batch.
from dev.stanstudio.engine.types import FP32
from dev.stanstudio.training.levels import sigma_like

# x, n [B, C, H, W] -> z = (1 - sigma) x + sigma n, as the network takes it
def noisy(self, x: Tensor, n: Tensor, sigmas: List[float], dtype: int) -> Tensor:
  s = self.sigma_like(sigmas, x)
  return torch.to(torch.to(x, FP32) * (1. - s) + torch.to(n, FP32) * s, dtype)

# mean (v - (n - x))^2 in fp32
def loss(self, v: Tensor, x: Tensor, n: Tensor) -> Tensor:
  d = torch.to(v, FP32) - (torch.to(n, FP32) - torch.to(x, FP32))
  return torch.mean(d * d)

# rows `ids` [B] of a table
def pick(self, table: Tensor, ids: Tensor) -> Tensor:
  return torch.index_select(table, 0, ids)

# one Euler step of the guided velocity; v [2B, ...] holds the unguided half first
def euler(self, z: Tensor, v: Tensor, guidance: float, step: float) -> Tensor:
  unguided, conditional, = torch.chunk(torch.to(v, FP32), 2, 0)
  guided = unguided + (conditional - unguided) * guidance
  return torch.to(torch.to(z, FP32) + guided * step, ops.prim.dtype(z))
