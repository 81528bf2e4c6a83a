# Changes [m, n] of weights w [m, n] that follow from trained tensors: one method for each rule (Composition.java), which is given w, the
# tensors, a scale c and whole numbers. Where gradients are wanted, the method is recorded and `chained` goes back through it.
from dev.stanstudio.adapter.file.change import cayley, cayley_series, inputs_butterflied, inputs_rotated, skew, skew_part

# the lengths of the rows [m]
def row_lengths(self, w: Tensor) -> Tensor:
  return torch.linalg_vector_norm(w, 2, [1])

# DoRA (Liu et al. 2024, eq. 5) for A [r, n], B [m, r] and lengths [m]; as in section 4.3 there, the lengths that rows have before they are
# divided by them are constants
def dora(self, w: Tensor, tensors: List[Tensor], c: float, numbers: List[int]) -> Tensor:
  A, B, magnitude, = tensors
  v = torch.addmm(w, B, A, beta=1., alpha=c)
  s = magnitude / torch.detach(self.row_lengths(v))
  return v * torch.unsqueeze(s, 1) - w

# LoHa (Hyeon-Woo et al. 2021, proposition 1) for B1 [m, r], A1 [r, n], B2 and A2
def loha(self, w: Tensor, tensors: List[Tensor], c: float, numbers: List[int]) -> Tensor:
  B1, A1, B2, A2, = tensors
  return torch.mm(B1, A1) * torch.mm(B2, A2) * c

# LoKr (Edalati et al. 2022, section 4): c * (w1 kron w2), each a matrix or a product of two; numbers: how many tensors w1 is
def lokr(self, w: Tensor, tensors: List[Tensor], c: float, numbers: List[int]) -> Tensor:
  first, = numbers
  w1 = self.whole(torch.slice(tensors, 0, first))
  w2 = self.whole(torch.slice(tensors, first, torch.len(tensors)))
  return torch.kron(w1, w2) * c

def whole(self, factors: List[Tensor]) -> Tensor:
  if torch.len(factors) == 1:
    m = factors[0]
  else:
    m = torch.mm(factors[0], factors[1])
  return m

# OFT (Qiu et al. 2023, section 4.1) for the numbers above the diagonals of skew-symmetric blocks, [n / b, b (b - 1) / 2];
# numbers: b and the terms of the series in place of Cayley's inverse, or 0
def oft(self, w: Tensor, tensors: List[Tensor], c: float, numbers: List[int]) -> Tensor:
  b, terms, = numbers
  q = self.skew(tensors[0], b)
  if terms == 0:
    r = self.cayley(q)
  else:
    r = self.cayley_series(q, terms)
  return self.inputs_rotated(w, r)

# BOFT (Liu et al. 2023, section 4) for blocks [factors, n / b, b, b], of which what is skew-symmetric counts, and factors of the outputs [m, 1]
def boft(self, w: Tensor, tensors: List[Tensor], c: float, numbers: List[int]) -> Tensor:
  blocks, lengths, = tensors
  return self.inputs_butterflied(w, self.cayley(self.skew_part(blocks, 0.5)), lengths)

# Constrained OFT: no block of such numbers [n / b, ...] is longer than eps / root of n / b; each number stands at two places
def limit(self, numbers: Tensor, eps: float) -> int:
  x = torch.detach(numbers)
  most = eps / torch.sqrt(torch.size(x, 0))
  length = torch.linalg_vector_norm(x, 2, [1], True) * torch.sqrt(2)
  done = torch.copy_(x, torch.where(torch.le(length, most), x, x * (torch.reciprocal(length) * most)))
  return torch.numel(x)

# The gradients of the tensors that a recorded change followed from, given the change's, g [m, n]
def chained(self, change: Tensor, tensors: List[Tensor], g: Tensor) -> List[Tensor]:
  given = annotate(List[Optional[Tensor]], [])
  given = torch.append(given, g)
  found = torch.grad([change], tensors, annotate(Optional[List[Optional[Tensor]]], given), None, False, False)
  result = annotate(List[Tensor], [])
  for x in found:
    result = torch.append(result, torch.detach(unchecked_cast(Tensor, x)))
  return result

def set_values(self, into: Tensor, source: Tensor) -> int:
  done = torch.copy_(torch.detach(into), source)
  return torch.numel(into)
