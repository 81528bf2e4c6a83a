# The network's other operations in libtorch's own operators, for any device and type; products and attention stand in texts of their own.

# x + gate * y, into y, which is the caller's own and not used again
def gated(self, x: Tensor, gate: Tensor, y: Tensor) -> Tensor:
  return torch.addcmul(x, gate, y, out=y)

# x [B, T, d]; scale, shift [B, 1, d]: LN(x) * (1 + scale) + shift, LN without parameters of its own
def layer_norm(self, x: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
  n = torch.layer_norm(x, [torch.size(x, -1)], None, None, 1e-06)
  return torch.addcmul(shift, n, scale + 1, out=n)

# A joint block for the whole batch at once. modulation: norm1 weight, bias, norm1_context weight, bias.
def block(self, x: Tensor, e: Tensor, c: Tensor, sample: List[Tensor], context: List[Tensor], norm: List[Tensor], dual: List[Tensor], modulation: List[Tensor], a: List[List[Tuple[List[int], List[float], List[Tensor], List[Tensor], List[Tensor]]]], bias: Optional[Tensor], h: int) -> Tuple[Tensor, Tensor]:
  m = self.modulation_of(c, modulation[0], modulation[1], a[10])
  mc = self.modulation_of(c, modulation[2], modulation[3], a[11])
  return self.joint_block(x, e, m, mc, sample, context, norm, dual, a, bias, h)
