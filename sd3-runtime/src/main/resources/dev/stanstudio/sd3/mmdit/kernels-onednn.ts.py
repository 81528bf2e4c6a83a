# The network's products and elementwise operations for x86-64 processors through oneDNN: its matrix products are faster than the BLAS
# behind torch.linear and include GELU, and two samples in turn stay in the cache where both at once do not.
from dev.stanstudio.sd3.mmdit.gated import gated

def project(self, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
  return ops.mkldnn._linear_pointwise(x, w, b, "none", annotate(List[Optional[number]], []), "")

def project_gelu(self, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
  return ops.mkldnn._linear_pointwise(x, w, b, "gelu", annotate(List[Optional[number]], []), "tanh")

# x w' without a bias, for what adapters add
def times(self, x: Tensor, w: Tensor) -> Tensor:
  return torch.linear(x, w)

# x [B, T, d]; scale, shift [B, 1, d]: LN(x) * (1 + scale) + shift. For one sample that is LN with weight 1 + scale, bias shift.
def layer_norm(self, x: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
  d = torch.size(x, -1)
  if torch.size(x, 0) == 1:
    y = torch.layer_norm(x, [d], torch.view(scale + 1, [d]), torch.reshape(shift, [d]), 1e-06)
  else:
    normed = torch.layer_norm(x, [d], None, None, 1e-06)
    y = torch.addcmul(shift, normed, scale + 1, out=normed)
  return y

# Whether a joint block of N image and M text tokens of width d is computed for the whole batch at once: not where one sample's
# tokens fill the cache.
def takes_batch(self, N: int, M: int, d: int) -> bool:
  return (N + M) * d < 262144
