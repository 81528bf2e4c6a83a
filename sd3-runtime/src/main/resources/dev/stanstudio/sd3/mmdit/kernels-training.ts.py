# The network's heavy operations where gradients are taken: nothing in place, and attention over few tokens in plain products, since
# the fused one has a backward pass on the CPU that is eleven times as slow as its forward pass there. Over many it is faster than
# the plain one, and does not keep all T * T scores of every head.

# [weight, bias, ...] as the products want them
def arrange(self, w: List[Tensor]) -> List[Tensor]:
  return w

# x + gate * y
def gated(self, x: Tensor, gate: Tensor, y: Tensor) -> Tensor:
  return torch.addcmul(x, gate, y)

# x [B, T, d]; scale, shift [B, 1, d]: LN(x) * (1 + scale) + shift, LN without parameters of its own
def layer_norm(self, x: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
  n = torch.layer_norm(x, [torch.size(x, -1)], None, None, 1e-06)
  return torch.addcmul(shift, n, scale + 1)

# q, k, v [B, T, h, D] -> softmax(q k' / sqrt(D) + bias) v as [B, T, d]; the softmax in fp32
def attend(self, q: Tensor, k: Tensor, v: Tensor, bias: Optional[Tensor]) -> Tensor:
  type = ops.prim.dtype(q)
  q1 = self.wide(q)
  k1 = self.wide(k)
  v1 = self.wide(v)
  b = bias
  if torch.__isnot__(bias, None):
    b = torch.to(unchecked_cast(Tensor, bias), ops.prim.dtype(q1))
  if torch.size(q, 1) < 512:
    y = self.attend_plainly(q1, k1, v1, b)
  else:
    a = torch.scaled_dot_product_attention(torch.transpose(q1, 1, 2), torch.transpose(k1, 1, 2), torch.transpose(v1, 1, 2), b)
    y = torch.flatten(torch.transpose(a, 1, 2), 2)
  return torch.to(y, type)

def attend_plainly(self, q: Tensor, k: Tensor, v: Tensor, bias: Optional[Tensor]) -> Tensor:
  scale = torch.pow(torch.size(q, 3), -0.5)
  a = torch.matmul(torch.transpose(q * scale, 1, 2), torch.permute(k, [0, 2, 3, 1]))
  if torch.__isnot__(bias, None):
    a = a + unchecked_cast(Tensor, bias)
  p = torch.to(torch.softmax(a, -1, 6), ops.prim.dtype(q))
  return torch.flatten(torch.transpose(torch.matmul(p, torch.transpose(v, 1, 2)), 1, 2), 2)

# A joint block for the whole batch at once. modulation: norm1 weight, bias, norm1_context weight, bias.
def block(self, x: Tensor, e: Tensor, c: Tensor, sample: List[Tensor], context: List[Tensor], norm: List[Tensor], dual: List[Tensor], modulation: List[Tensor], a: List[List[Tuple[List[int], List[float], List[Tensor], List[Tensor], List[Tensor]]]], bias: Optional[Tensor], h: int) -> Tuple[Tensor, Tensor]:
  m = self.modulation_of(c, modulation[0], modulation[1], a[10])
  mc = self.modulation_of(c, modulation[2], modulation[3], a[11])
  return self.joint_block(x, e, m, mc, sample, context, norm, dual, a, bias, h)
