# The network's heavy operations in libtorch's own operators, for any device and type.

# [weight, bias, ...] as the products want them
def arrange(self, w: List[Tensor]) -> List[Tensor]:
  return w

def project(self, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
  return torch.linear(x, w, b)

def project_gelu(self, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
  return torch.gelu(torch.linear(x, w, b), approximate="tanh")

# x + gate * y, into y, which is the caller's own and not used again
def gated(self, x: Tensor, gate: Tensor, y: Tensor) -> Tensor:
  return torch.addcmul(x, gate, y, out=y)

# x [B, T, d]; scale, shift [B, 1, d]: LN(x) * (1 + scale) + shift, LN without parameters of its own
def layer_norm(self, x: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
  n = torch.layer_norm(x, [torch.size(x, -1)], None, None, 1e-06)
  return torch.addcmul(shift, n, scale + 1, out=n)

# q, k, v [B, T, h, D] -> softmax(q k' / sqrt(D) + bias) v as [B, T, d]
def attend(self, q: Tensor, k: Tensor, v: Tensor, bias: Optional[Tensor]) -> Tensor:
  a = torch.scaled_dot_product_attention(torch.transpose(q, 1, 2), torch.transpose(k, 1, 2), torch.transpose(v, 1, 2), bias)
  return torch.flatten(torch.transpose(a, 1, 2), 2)

# A joint block for the whole batch at once. modulation: norm1 weight, bias, norm1_context weight, bias.
def block(self, x: Tensor, e: Tensor, c: Tensor, sample: List[Tensor], context: List[Tensor], norm: List[Tensor], dual: List[Tensor], modulation: List[Tensor], a: List[List[Tuple[List[int], List[float], List[Tensor], List[Tensor], List[Tensor]]]], bias: Optional[Tensor], h: int) -> Tuple[Tensor, Tensor]:
  m = self.modulation_of(c, modulation[0], modulation[1], a[10])
  mc = self.modulation_of(c, modulation[2], modulation[3], a[11])
  return self.joint_block(x, e, m, mc, sample, context, norm, dual, a, bias, h)
