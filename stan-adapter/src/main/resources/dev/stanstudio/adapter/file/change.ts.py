# Changes of a linear layer's weight W [out, in] by adapters that are no plain low-rank product, in fp32. W' is the changed weight.
from dev.stanstudio.engine.types import FP32, INT64

# Keeps a row without length from dividing by zero, as LyCORIS does: the distance from 1 to the next fp32.
EPSILON = 1.1920929e-07

# c * B A for A [r, in] and B [out, r] (Hu et al. 2021, section 4.1)
def low_rank(self, up: Tensor, down: Tensor, c: float) -> Tensor:
  return torch.mm(torch.flatten(up, 1), torch.flatten(down, 1)) * c

# c * (B1 A1) . (B2 A2), factors as above (LoHa: Hyeon-Woo et al. 2021, proposition 1)
def hadamard(self, up1: Tensor, down1: Tensor, up2: Tensor, down2: Tensor, c: float) -> Tensor:
  return torch.mm(up1, down1) * torch.mm(up2, down2) * c

# c * (w1 kron w2), [a, b] and [c, d] to [a c, b d] (LoKr: Edalati et al. 2022, section 4)
def kronecker(self, w1: Tensor, w2: Tensor, c: float) -> Tensor:
  return torch.kron(w1, torch.flatten(w2, 1)) * c

# c * (W a1 a2 + b1 b2) for a1 [in, r], a2 [r, in], b1 [out, r] and b2 [r, in] (GLoRA: Chavan et al. 2023, section 3.1, as LyCORIS has it)
def general(self, w: Tensor, a1: Tensor, a2: Tensor, b1: Tensor, b2: Tensor, c: float) -> Tensor:
  return (torch.mm(torch.mm(w, a1), a2) + torch.mm(b1, b2)) * c

# W' - W, where each row (axis 1) or column (axis 0) of W + change has the length `magnitude` (DoRA: Liu et al. 2024, eq. 5)
def decomposed(self, w: Tensor, change: Tensor, magnitude: Tensor, axis: int) -> Tensor:
  y = w + change
  length = torch.linalg_vector_norm(y, 2, [axis], True) + EPSILON
  return y * (torch.reshape(magnitude, torch.size(length)) / length) - w

# W' - W, where each row (axis 0) or column (axis 1) of W is multiplied by its l - offset + 1 (IA3: Liu et al. 2022, section 3.3).
# A bias [out] is a weight [out, 1].
def stretched(self, w: Tensor, l: Tensor, offset: float, axis: int) -> Tensor:
  x = torch.reshape(l, [-1]) - offset
  return w * torch.unsqueeze(x, 1 - axis)

# Skew-symmetric blocks [n, b, b] of the numbers above their diagonals, [n, b (b - 1) / 2] row by row
def skew(self, numbers: Tensor, b: int) -> Tensor:
  place = torch.triu_indices(b, b, 1, dtype=INT64, device=ops.prim.device(numbers))
  flat = torch.zeros([torch.size(numbers, 0), b * b], dtype=FP32, device=ops.prim.device(numbers))
  index = torch.select(place, 0, 0) * b + torch.select(place, 0, 1)
  q = torch.reshape(torch.index_copy(flat, 1, index, numbers), [-1, b, b])
  return q - torch.transpose(q, 1, 2)

# Blocks no longer than eps / root of their number each (constrained OFT, as PEFT has it)
def limited_blocks(self, q: Tensor, eps: float) -> Tensor:
  most = eps / torch.sqrt(torch.size(q, 0))
  length = torch.linalg_vector_norm(q, 2, [1, 2], True)
  return torch.where(torch.le(length, most), q, q * torch.reciprocal(length) * most)

# All blocks together no longer than `most` (constrained OFT, as LyCORIS has it)
def limited(self, q: Tensor, most: float) -> Tensor:
  length = torch.linalg_vector_norm(q) + 1e-08
  return q * torch.clamp(torch.reciprocal(length) * most, None, 1.)

# What is skew-symmetric in blocks [..., b, b], times c
def skew_part(self, blocks: Tensor, c: float) -> Tensor:
  return (blocks - torch.transpose(blocks, -1, -2)) * c

# The identity matrix of blocks [..., b, b]
def identity_like(self, q: Tensor) -> Tensor:
  return torch.eye(torch.size(q, -1), dtype=FP32, device=ops.prim.device(q))

# (I - Q)(I + Q)^-1 of each block (Cayley)
def cayley(self, q: Tensor) -> Tensor:
  i = self.identity_like(q)
  return torch.linalg_solve(i + q, i - q, left=False)

# The same as PEFT approximates it: I + 2 Q + 2 Q^2 + ... + Q^n of the first terms of the series of the inverse, with Q's sign turned
def cayley_series(self, q: Tensor, terms: int) -> Tensor:
  r = torch.expand_as(self.identity_like(q), q)
  if terms > 1:
    r = r + q * 2.
  if terms > 2:
    power = torch.bmm(q, q)
    r = r + power * 2.
    for n in range(terms - 4):
      power = torch.bmm(power, q)
      r = r + power * 2.
    r = r + torch.bmm(power, q)
  return r

# W' - W for W' = W R', R block diagonal of [n, b, b], or of one block that all share
def inputs_rotated(self, w: Tensor, r: Tensor) -> Tensor:
  x = torch.transpose(torch.unflatten(w, 1, [-1, torch.size(r, -1)]), 0, 1)
  y = torch.matmul(x, torch.transpose(r, 1, 2) - self.identity_like(r))
  return torch.flatten(torch.transpose(y, 0, 1), 1)

# W' - W for a product of m block diagonal matrices [m, n, b, b] between butterfly permutations, then each row times its `length`
# (BOFT: Liu et al. 2023, section 4), as PEFT has them; with m = 1 nothing is permuted
def inputs_butterflied(self, w: Tensor, r: Tensor, length: Tensor) -> Tensor:
  y = w
  m = torch.size(r, 0)
  half = torch.floordiv(torch.size(r, -1), 2)
  step = 1
  for s in range(m):
    blocks = torch.select(r, 0, s)
    if m == 1:
      y = y + self.inputs_rotated(y, blocks)
    else:
      group = torch.floordiv(torch.size(w, 1), torch.floordiv(torch.size(r, 1), step))
      pairs = torch.floordiv(group, half * 2)
      x = torch.flatten(torch.transpose(torch.unflatten(y, 1, [-1, 2, pairs, half]), 2, 3), 1)
      x = x + self.inputs_rotated(x, blocks)
      y = torch.flatten(torch.transpose(torch.unflatten(x, 1, [-1, pairs, 2, half]), 2, 3), 1)
    step = step * 2
  return y * torch.reshape(length, [-1, 1]) - w

# W' - W for W' = R' W, R = (I + Q)(I - Q)^-1 block diagonal of [n, b, b], as LyCORIS has it
def outputs_rotated(self, w: Tensor, r: Tensor) -> Tensor:
  x = torch.unflatten(w, 0, [-1, torch.size(r, -1)])
  return torch.flatten(torch.matmul(torch.transpose(r, 1, 2) - self.identity_like(r), x), 0, 1)

# W' - W for m steps of LyCORIS' butterfly: in step i blocks [n, b, b] mix rows that are b / 2 * 2^i apart
def outputs_butterflied(self, w: Tensor, r: Tensor) -> Tensor:
  y = w
  b = torch.size(r, -1)
  k = torch.floordiv(b, 2)
  for i in range(torch.size(r, 0)):
    x = torch.flatten(torch.transpose(torch.unflatten(y, 0, [-1, 2, k]), 1, 2), 0, 2)
    x = torch.flatten(torch.matmul(torch.select(r, 0, i), torch.unflatten(x, 0, [-1, b])), 0, 1)
    y = torch.flatten(torch.transpose(torch.unflatten(x, 0, [-1, k, 2]), 1, 2), 0, 2)
    k = k * 2
  return y - w

# W' - W where the rows of a changed weight are multiplied by `length` [out] besides
def rescaled(self, w: Tensor, change: Tensor, length: Tensor) -> Tensor:
  return (w + change) * torch.reshape(length, [-1, 1]) - w

# x [out, ...] with its halves in the other order
def halves_swapped(self, x: Tensor) -> Tensor:
  return torch.roll(x, [torch.floordiv(torch.size(x, 0), 2)], [0])
