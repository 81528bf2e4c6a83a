# Rectified flow (Liu et al. 2022; Esser et al. 2024, section 2): straight paths between data x and noise n. B batch.

def sigma_like(self, sigmas: List[float], x: Tensor) -> Tensor:
  s = torch.tensor(sigmas, dtype=6, device=ops.prim.device(x))
  return torch.view(s, [-1, 1, 1, 1])

# x, n [B, C, H, W] -> z = (1 - sigma) x + sigma n, as the network takes it
def noisy(self, x: Tensor, n: Tensor, sigmas: List[float], dtype: int) -> Tensor:
  s = self.sigma_like(sigmas, x)
  return torch.to(torch.to(x, 6) * (1. - s) + torch.to(n, 6) * s, dtype)

# mean (v - (n - x))^2 in fp32
def loss(self, v: Tensor, x: Tensor, n: Tensor) -> Tensor:
  d = torch.to(v, 6) - (torch.to(n, 6) - torch.to(x, 6))
  return torch.mean(d * d)

# rows `ids` [B] of a table
def pick(self, table: Tensor, ids: Tensor) -> Tensor:
  return torch.index_select(table, 0, ids)

# one Euler step of the guided velocity; v [2B, ...] holds the unguided half first
def euler(self, z: Tensor, v: Tensor, guidance: float, step: float) -> Tensor:
  h = torch.chunk(torch.to(v, 6), 2, 0)
  return torch.to(torch.to(z, 6) + (h[0] + (h[1] - h[0]) * guidance) * step, ops.prim.dtype(z))
