# The conditions of the STAN paper's appendix A on one layer: E [l, n], D [m, l], in fp32.
# The layer's own functions are those of project.ts.py; `scores` is what it ranks features by, and the paper's appendix takes |E|.
from dev.stanstudio.adapter.project.project import THRESHOLD
from dev.stanstudio.engine.types import FP32, INT64

# Eq. 9 for every coordinate p: i*(p), the row of E with the largest score of E e_p, and the margin to the second: [2, n].
def margins(self, E: Tensor, selection: int) -> Tensor:
  values, rows, = torch.topk(self.scores(E, selection), 2, 0, True, True)
  largest, second, = torch.unbind(values, 0)
  largest_row, second_row, = torch.unbind(rows, 0)
  return torch.stack([torch.to(largest_row, FP32), largest - second])

# Eq. 10 for every coordinate p: the length of scale * D_i E_i e_p - e_p with i = i*(p), for m = n: [n].
def identity_errors(self, E: Tensor, D: Tensor, scale: float, selection: int) -> Tensor:
  i = torch.argmax(self.scores(E, selection), 0)
  carried = torch.gather(E, 0, torch.unsqueeze(i, 0))
  y = torch.index_select(D, 1, i) * carried * scale
  off = y - torch.eye(torch.size(E, 1), dtype=FP32, device=ops.prim.device(E))
  return torch.sqrt(torch.sum(off * off, [0]))

# Eq. 13 for every coordinate p: the length of dW e_p - e_p, for m = n: what the layer itself makes of e_p: [n].
def layer_errors(self, E: Tensor, D: Tensor, k: int, scale: float, selection: int, groups: int) -> Tensor:
  y = self.stan(torch.t(E), D, k, scale, selection, THRESHOLD, groups)
  off = y - torch.eye(torch.size(E, 1), dtype=FP32, device=ops.prim.device(E))
  return torch.sqrt(torch.sum(off * off, [1]))

# Eq. 11: the Frobenius norm of E E' - I.
def orthonormality(self, E: Tensor) -> Tensor:
  off = torch.matmul(E, torch.t(E)) - torch.eye(torch.size(E, 0), dtype=FP32, device=ops.prim.device(E))
  return torch.sqrt(torch.sum(off * off))

# Theorem 2 for the rows of E [l, n] and of another F [r, n]: the largest cosine of each row of E to a row of F, and 1 where that row's
# own best match is this one: [2, l].
def best_matches(self, E: Tensor, F: Tensor) -> Tensor:
  cosines = torch.matmul(self.unit_rows(E), torch.t(self.unit_rows(F)))
  best, match, = torch.max(cosines, 1)
  back = torch.index_select(torch.argmax(cosines, 0), 0, match)
  mutual = torch.eq(back, torch.arange(torch.size(E, 0), dtype=INT64, device=ops.prim.device(E)))
  return torch.stack([best, torch.to(mutual, FP32)])

def unit_rows(self, E: Tensor) -> Tensor:
  return E / torch.clamp(torch.sqrt(torch.sum(E * E, [1], True)), 1e-12)

# The decoder of a tied STAN.
def turned(self, E: Tensor) -> Tensor:
  return torch.contiguous(torch.t(E))
