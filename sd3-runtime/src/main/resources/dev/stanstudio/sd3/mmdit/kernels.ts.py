# The network's elementwise operations in libtorch's own operators, for any device and type.
from dev.stanstudio.sd3.mmdit.gated import gated

# x [B, T, d]; scale, shift [B, 1, d]: LN(x) * (1 + scale) + shift, LN without parameters of its own
def layer_norm(self, x: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
  normed = torch.layer_norm(x, [torch.size(x, -1)], None, None, 1e-06)
  return torch.addcmul(shift, normed, scale + 1, out=normed)

# Whether a joint block of N image and M text tokens of width d is computed for the whole batch at once.
def takes_batch(self, N: int, M: int, d: int) -> bool:
  return True
