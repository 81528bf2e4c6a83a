# Changes of weights that follow from trained tensors, and the gradients of those from the gradient g [m, n] of the change. w [m, n] the
# base's weight; c a scale. Nothing is recorded: the derivatives are written out.

# the lengths of the rows [m]
def row_lengths(self, w: Tensor) -> Tensor:
  return torch.linalg_vector_norm(w, 2, [1])

# DoRA (Liu et al. 2024, eq. 5) for A [r, n], B [m, r] and lengths [m]: the change of w
def decomposed(self, w: Tensor, tensors: List[Tensor], c: float) -> Tensor:
  A, B, magnitude, = tensors
  v = torch.addmm(w, B, A, beta=1., alpha=c)
  s = magnitude / self.row_lengths(v)
  return v * torch.unsqueeze(s, 1) - w

# The gradients of A, B and the lengths; as in section 4.3 there, the lengths that rows have before they are divided by them are constants.
def decomposed_gradients(self, w: Tensor, tensors: List[Tensor], c: float, g: Tensor) -> List[Tensor]:
  A, B, magnitude, = tensors
  v = torch.addmm(w, B, A, beta=1., alpha=c)
  length = self.row_lengths(v)
  h = g * torch.unsqueeze(magnitude / length * c, 1)
  return [torch.matmul(torch.t(B), h), torch.matmul(h, torch.t(A)), torch.sum(g * v, [1]) / length]

# LoHa (Hyeon-Woo et al. 2021, proposition 1) for B1 [m, r], A1 [r, n], B2 and A2
def hadamard(self, w: Tensor, tensors: List[Tensor], c: float) -> Tensor:
  B1, A1, B2, A2, = tensors
  return torch.mm(B1, A1) * torch.mm(B2, A2) * c

def hadamard_gradients(self, w: Tensor, tensors: List[Tensor], c: float, g: Tensor) -> List[Tensor]:
  B1, A1, B2, A2, = tensors
  one = g * torch.mm(B2, A2) * c
  two = g * torch.mm(B1, A1) * c
  return [torch.mm(one, torch.t(A1)), torch.mm(torch.t(B1), one), torch.mm(two, torch.t(A2)), torch.mm(torch.t(B2), two)]

def set_values(self, into: Tensor, source: Tensor) -> int:
  done = torch.copy_(torch.detach(into), source)
  return torch.numel(into)
