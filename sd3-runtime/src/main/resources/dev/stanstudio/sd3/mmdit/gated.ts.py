# x + gate * y, into y, which is the caller's own and not used again
def gated(self, x: Tensor, gate: Tensor, y: Tensor) -> Tensor:
  return torch.addcmul(x, gate, y, out=y)
