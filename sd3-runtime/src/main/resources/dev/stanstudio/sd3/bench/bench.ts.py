# Random numbers in bulk: one pool of normal numbers, drawn once, from which every tensor takes its own stretch.

# n numbers of the pool from `offset` on, starting over at its end, times scale plus centre
def stretch(self, pool: Tensor, offset: int, n: int, scale: float, centre: float, dtype: int) -> Tensor:
  turns = torch.floordiv(offset + n - 1, torch.size(pool, 0)) + 1
  y = pool
  if turns > 1:
    y = torch.repeat(pool, [turns])
  y = torch.slice(y, 0, offset, offset + n)
  return torch.to(torch.add(torch.mul(y, scale), centre), dtype)

def shaped(self, flat: Tensor, shape: List[int]) -> Tensor:
  return torch.view(flat, shape)
