# AutoencoderKL of Stable Diffusion 3 (diffusers autoencoder_kl.py, vae.py, resnet.py). Pictures and features are [B, C, H, W];
# `groups` are those of the group norms.
from dev.stanstudio.engine.types import FP32, UINT8, Weights
from dev.stanstudio.sd3.vae.posterior import draw, posterior

def norm_act(self, x: Tensor, w: Tensor, b: Tensor, groups: int) -> Tensor:
  return torch.silu(torch.group_norm(x, groups, w, b, 1e-06))

def conv3(self, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
  return torch.conv2d(x, w, b, [1, 1], [1, 1])

# weights: norm1, conv1, norm2, conv2 (weight and bias each) and, where the number of channels changes, conv_shortcut
def resnet(self, x: Tensor, weights: Weights, groups: int) -> Tensor:
  norm1_w, norm1_b, conv1_w, conv1_b, norm2_w, norm2_b, conv2_w, conv2_b, = torch.slice(weights, 0, 8)
  y = self.conv3(self.norm_act(x, norm1_w, norm1_b, groups), conv1_w, conv1_b)
  y = self.conv3(self.norm_act(y, norm2_w, norm2_b, groups), conv2_w, conv2_b)
  if torch.len(weights) == 10:
    shortcut_w, shortcut_b, = torch.slice(weights, 8)
    x = torch.conv2d(x, shortcut_w, shortcut_b)
  return x + y

# Attention with one head over all places. weights: group_norm, to_q, to_k, to_v, to_out.0, weight and bias each.
def attention(self, x: Tensor, weights: Weights, groups: int) -> Tensor:
  norm_w, norm_b, q_w, q_b, k_w, k_b, v_w, v_b, out_w, out_b, = weights
  n = torch.group_norm(x, groups, norm_w, norm_b, 1e-06)
  places = torch.transpose(torch.flatten(n, 2), 1, 2)
  q = torch.unsqueeze(torch.linear(places, q_w, q_b), 1)
  k = torch.unsqueeze(torch.linear(places, k_w, k_b), 1)
  v = torch.unsqueeze(torch.linear(places, v_w, v_b), 1)
  a = torch.linear(torch.squeeze(torch.scaled_dot_product_attention(q, k, v), 1), out_w, out_b)
  return x + torch.reshape(torch.transpose(a, 1, 2), torch.size(x))

# A convolution that keeps the size: 1x1 or 3x3. weights: weight, bias.
def convolve(self, x: Tensor, weights: Weights, groups: int) -> Tensor:
  w, b, = weights
  pad = torch.floordiv(torch.size(w, 2), 2)
  return torch.conv2d(x, w, b, [1, 1], [pad, pad])

# Halves the size; one row and column of zeros right and below only. weights: weight, bias.
def downsample(self, x: Tensor, weights: Weights, groups: int) -> Tensor:
  w, b, = weights
  return torch.conv2d(torch.constant_pad_nd(x, [0, 1, 0, 1], 0.), w, b, [2, 2])

# Doubles the size. weights: weight, bias.
def upsample(self, x: Tensor, weights: Weights, groups: int) -> Tensor:
  w, b, = weights
  return self.conv3(torch.upsample_nearest2d(x, None, [2., 2.]), w, b)

# weights: norm and convolution, weight and bias each
def head(self, x: Tensor, weights: Weights, groups: int) -> Tensor:
  norm_w, norm_b, conv_w, conv_b, = weights
  return self.conv3(self.norm_act(x, norm_w, norm_b, groups), conv_w, conv_b)

# moments [B, 2C, H, W] and noise -> a draw of the posterior, normalised for the transformer
def sample(self, moments: Tensor, noise: Tensor, shift: float, scale: float) -> Tensor:
  return (self.draw(moments, noise) - shift) * scale

# the posterior's mean, normalised
def mode(self, moments: Tensor, shift: float, scale: float) -> Tensor:
  mean, logvar, = self.posterior(moments)
  return (mean - shift) * scale

def denormalise(self, latents: Tensor, shift: float, scale: float) -> Tensor:
  return torch.div(latents, scale) + shift

# -1…1 -> 0…1
def picture(self, x: Tensor) -> Tensor:
  return torch.clamp(torch.div(x, 2.) + 0.5, 0., 1.)

# picture in 0…1 -> bytes [B, H, W, 3], ties to even
def to_bytes(self, x: Tensor) -> Tensor:
  f = torch.permute(torch.to(x, FP32), [0, 2, 3, 1])
  return torch.contiguous(torch.to(torch.round(f * 255.), UINT8))

# bytes [H, W, 3] -> [1, 3, H, W] in -1…1
def from_bytes(self, x: Tensor, device: str, dtype: int) -> Tensor:
  f = torch.div(torch.to(torch.permute(torch.unsqueeze(x, 0), [0, 3, 1, 2]), FP32), 255.)
  return torch.to(f * 2. - 1., torch.device(device), dtype)

# cross-fade of the first `extent` rows (axis 2) or columns (axis 3) of b with the last of a
def blend(self, a: Tensor, b: Tensor, axis: int, extent: int) -> Tensor:
  n = ops.prim.min(ops.prim.min(torch.size(a, axis), torch.size(b, axis)), extent)
  r = torch.div(torch.arange(n, dtype=ops.prim.dtype(b), device=ops.prim.device(b)), n)
  if axis == 2:
    r = torch.unsqueeze(r, 1)
  size = torch.size(a, axis)
  old = torch.slice(a, axis, size - n)
  new = torch.slice(b, axis, 0, n)
  return torch.cat([old * (1 - r) + new * r, torch.slice(b, axis, n)], axis)
