# AutoencoderKL of Stable Diffusion 3 (diffusers autoencoder_kl.py, vae.py, resnet.py). Pictures and features are [B, C, H, W].

def norm_act(self, x: Tensor, w: Tensor, b: Tensor, groups: int) -> Tensor:
  return torch.silu(torch.group_norm(x, groups, w, b, 1e-06))

def conv3(self, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
  return torch.conv2d(x, w, b, [1, 1], [1, 1])

# w: norm1, conv1, norm2, conv2 (weight and bias each) and, where the width changes, conv_shortcut
def resnet(self, x: Tensor, w: List[Tensor], groups: int) -> Tensor:
  y = self.conv3(self.norm_act(x, w[0], w[1], groups), w[2], w[3])
  y = self.conv3(self.norm_act(y, w[4], w[5], groups), w[6], w[7])
  if torch.len(w) == 10:
    x = torch.conv2d(x, w[8], w[9])
  return x + y

# one head over all places; w: group_norm, to_q, to_k, to_v, to_out.0
def attention(self, x: Tensor, w: List[Tensor], groups: int) -> Tensor:
  n = torch.group_norm(x, groups, w[0], w[1], 1e-06)
  t = torch.transpose(torch.flatten(n, 2), 1, 2)
  q = torch.unsqueeze(torch.linear(t, w[2], w[3]), 1)
  k = torch.unsqueeze(torch.linear(t, w[4], w[5]), 1)
  v = torch.unsqueeze(torch.linear(t, w[6], w[7]), 1)
  a = torch.linear(torch.squeeze(torch.scaled_dot_product_attention(q, k, v), 1), w[8], w[9])
  return x + torch.reshape(torch.transpose(a, 1, 2), torch.size(x))

# a convolution that keeps the size: 1x1 or 3x3
def convolve(self, x: Tensor, w: List[Tensor], groups: int) -> Tensor:
  pad = torch.floordiv(torch.size(w[0], 2), 2)
  return torch.conv2d(x, w[0], w[1], [1, 1], [pad, pad])

# halves the size; one row and column of zeros right and below only
def downsample(self, x: Tensor, w: List[Tensor], groups: int) -> Tensor:
  return torch.conv2d(torch.constant_pad_nd(x, [0, 1, 0, 1], 0.), w[0], w[1], [2, 2])

def upsample(self, x: Tensor, w: List[Tensor], groups: int) -> Tensor:
  return self.conv3(torch.upsample_nearest2d(x, None, [2., 2.]), w[0], w[1])

# w: norm and convolution
def head(self, x: Tensor, w: List[Tensor], groups: int) -> Tensor:
  return self.conv3(self.norm_act(x, w[0], w[1], groups), w[2], w[3])

# moments [B, 2C, H, W] and noise -> a draw of the posterior, normalised for the transformer
def sample(self, moments: Tensor, noise: Tensor, shift: float, scale: float) -> Tensor:
  m = torch.chunk(moments, 2, 1)
  std = torch.exp(torch.clamp(m[1], -30., 20.) * 0.5)
  return (m[0] + std * noise - shift) * scale

# the posterior's mean, normalised
def mode(self, moments: Tensor, shift: float, scale: float) -> Tensor:
  return (torch.chunk(moments, 2, 1)[0] - shift) * scale

def denormalise(self, latents: Tensor, shift: float, scale: float) -> Tensor:
  return torch.div(latents, scale) + shift

# -1…1 -> 0…1
def picture(self, x: Tensor) -> Tensor:
  return torch.clamp(torch.div(x, 2.) + 0.5, 0., 1.)

# picture in 0…1 -> bytes [B, H, W, 3], ties to even
def to_bytes(self, x: Tensor) -> Tensor:
  f = torch.permute(torch.to(x, 6), [0, 2, 3, 1])
  return torch.contiguous(torch.to(torch.round(f * 255.), 0))

# bytes [H, W, 3] -> [1, 3, H, W] in -1…1
def from_bytes(self, x: Tensor, device: str, dtype: int) -> Tensor:
  f = torch.div(torch.to(torch.permute(torch.unsqueeze(x, 0), [0, 3, 1, 2]), 6), 255.)
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
