# The network's elementwise operations and attention where gradients are taken: nothing in place, and attention over few tokens in plain
# products, since the backward pass of the fused operator takes eleven times as long as its forward pass on the CPU. Over many tokens it
# is faster than the plain one, and does not keep all T * T scores of every head.
from dev.stanstudio.engine.types import FP32
from dev.stanstudio.sd3.mmdit.sdpa import sdpa
from dev.stanstudio.sd3.mmdit.unpacked import arrange

# x + gate * y
def gated(self, x: Tensor, gate: Tensor, y: Tensor) -> Tensor:
  return torch.addcmul(x, gate, y)

# x [B, T, d]; scale, shift [B, 1, d]: LN(x) * (1 + scale) + shift, LN without parameters of its own
def layer_norm(self, x: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
  normed = torch.layer_norm(x, [torch.size(x, -1)], None, None, 1e-06)
  return torch.addcmul(shift, normed, scale + 1)

# q, k, v [B, T, h, D] -> softmax(q k' / sqrt(D) + bias) v as [B, T, d]; the softmax in fp32
def attend(self, q: Tensor, k: Tensor, v: Tensor, bias: Optional[Tensor]) -> Tensor:
  wide_q = self.wide(q)
  wide_k = self.wide(k)
  wide_v = self.wide(v)
  wide_bias = bias
  if torch.__isnot__(bias, None):
    wide_bias = torch.to(unchecked_cast(Tensor, bias), ops.prim.dtype(wide_q))
  if torch.size(q, 1) < 512:
    a = self.attend_plainly(wide_q, wide_k, wide_v, wide_bias)
  else:
    a = self.sdpa(wide_q, wide_k, wide_v, wide_bias)
  return torch.to(a, ops.prim.dtype(q))

def attend_plainly(self, q: Tensor, k: Tensor, v: Tensor, bias: Optional[Tensor]) -> Tensor:
  D = torch.size(q, 3)
  scores = torch.matmul(torch.transpose(q * torch.pow(D, -0.5), 1, 2), torch.permute(k, [0, 2, 3, 1]))
  if torch.__isnot__(bias, None):
    scores = scores + unchecked_cast(Tensor, bias)
  p = torch.to(torch.softmax(scores, -1, FP32), ops.prim.dtype(q))
  return torch.flatten(torch.transpose(torch.matmul(p, torch.transpose(v, 1, 2)), 1, 2), 2)

# Whether a joint block of N image and M text tokens of width d is computed for the whole batch at once.
def takes_batch(self, N: int, M: int, d: int) -> bool:
  return True
