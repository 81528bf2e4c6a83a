# Changes of a weight and their merge. A kernel's axes belong to the inputs, so that a convolution is a matrix too.
from dev.stanstudio.engine.types import FP32, FP64

# One adapter's change, fp32 [out, in]: c * E where there is no decoder (a sparse mask, a bias), c * D diag(gate) E otherwise (Hu et al. 2021,
# section 4.1; STAN paper, eq. 15 and 16).
def change(self, c: float, encoder: Tensor, decoder: List[Tensor], gate: List[Tensor]) -> Tensor:
  e = self.matrix(encoder)
  if torch.len(decoder) == 0:
    y = e * c
  else:
    D, = decoder
    y = torch.mm(self.gated(D, gate), e) * c
  return y

# x as a matrix in fp32; a bias [out] is [out, 1]
def matrix(self, x: Tensor) -> Tensor:
  y = torch.to(x, FP32)
  if torch.dim(y) == 1:
    m = torch.unsqueeze(y, 1)
  else:
    m = torch.flatten(y, 1)
  return m

# D diag(gate), fp32 [out, r]
def gated(self, decoder: Tensor, gate: List[Tensor]) -> Tensor:
  d = torch.flatten(torch.to(decoder, FP32), 1)
  if torch.len(gate) != 0:
    g, = gate
    d = d * torch.reshape(torch.to(g, FP32), [1, -1])
  return d

# sum += x; count += 1 where x changes anything, unless count is empty
def collect(self, sum: Tensor, count: Tensor, x: Tensor) -> int:
  all = torch.add_(sum, x)
  if torch.numel(count) != 0:
    changed = torch.add_(count, torch.to(torch.ne(x, 0), FP32))
  return torch.numel(all)

# c * sum / max(count, 1)
def divided(self, sum: Tensor, count: Tensor, c: float) -> Tensor:
  y = sum
  if torch.numel(count) != 0:
    y = y / torch.clamp(count, 1)
  return y * c

# x with everything below its `kept` largest magnitudes made zero; equals of the least stay with it (Yadav et al. 2023, trim)
def trimmed(self, x: Tensor, kept: int) -> Tensor:
  size = torch.flatten(torch.abs(x))
  threshold, index, = torch.kthvalue(size, torch.numel(size) - kept + 1)
  return x * torch.ge(torch.abs(x), threshold)

# x where its sign is that of the sum of all, zero elsewhere (Yadav et al. 2023, elect and disjoint merge)
def agreeing(self, x: Tensor, sum: Tensor) -> Tensor:
  return x * torch.gt(x * torch.sign(sum), 0)

# W + x, summed in fp32 and in the type of W
def plus(self, w: Tensor, x: Tensor) -> Tensor:
  y = self.matrix(w) + x
  return torch.to(torch.reshape(y, torch.size(w)), ops.prim.dtype(w))

# c * D diag(gate), in fp32
def weighed(self, decoder: Tensor, gate: List[Tensor], c: float) -> Tensor:
  return self.gated(decoder, gate) * c

# The best factors (A [r, in], B [out, r]) of rank r of a change [out, in] (Eckart and Young 1936): B A is its r largest singular
# parts.
def factors(self, x: Tensor, r: int) -> Tuple[Tensor, Tensor]:
  u, s, v, = torch.linalg_svd(x, False)
  root = torch.sqrt(torch.slice(s, 0, 0, r))
  a = torch.slice(v, 0, 0, r) * torch.unsqueeze(root, 1)
  b = torch.slice(u, 1, 0, r) * root
  return (torch.contiguous(a), torch.contiguous(b))

# [x . y, x . x, y . y] in fp64
def products(self, x: Tensor, y: Tensor) -> Tensor:
  a = torch.flatten(torch.to(x, FP64))
  b = torch.flatten(torch.to(y, FP64))
  return torch.to(torch.stack([torch.dot(a, b), torch.dot(a, a), torch.dot(b, b)]), FP32)
