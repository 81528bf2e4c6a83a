# Operations on latents x [B, C, H, W] and velocities v between the calls of the transformer.
from dev.stanstudio.engine.types import FP32, FP64, UINT8

def twice(self, x: Tensor) -> Tensor:
  return torch.cat([x, x], 0)

# classifier-free guidance (Ho & Salimans 2022) over a batch [negative; positive]
def guide(self, v: Tensor, guidance: float) -> Tensor:
  negative, positive, = torch.chunk(v, 2, 0)
  return negative + guidance * (positive - negative)

def positive_of(self, v: Tensor) -> Tensor:
  negative, positive, = torch.chunk(v, 2, 0)
  return torch.contiguous(positive)

# skip-layer and perturbed-attention guidance: guided + scale * (positive - weaker)
def away_from(self, guided: Tensor, positive: Tensor, weaker: Tensor, scale: float) -> Tensor:
  return guided + (positive - weaker) * scale

# CFG-Zero* (Fan et al. 2025, equation 9): s = <positive, negative> / |negative|^2 over all latents, [negative; positive] -> [s negative; positive]
def zero_star(self, v: Tensor) -> Tensor:
  negative, positive, = torch.chunk(v, 2, 0)
  wide = torch.to(negative, FP32)
  along = torch.sum(torch.to(positive, FP32) * wide, [1, 2, 3], True)
  s = along / (torch.sum(torch.pow(wide, 2), [1, 2, 3], True) + 1e-08)
  return torch.cat([negative * torch.to(s, ops.prim.dtype(v)), positive], 0)

# adaptive projected guidance (Sadat et al. 2024, algorithm 1), in its steps: the change, its running average, its projection
def change(self, v: Tensor) -> Tensor:
  negative, positive, = torch.chunk(v, 2, 0)
  return positive - negative

def add_scaled(self, now: Tensor, before: Tensor, factor: float) -> Tensor:
  return now + factor * before

# norm: greatest length of the change, 0 for any; eta: what is kept of its part along the positive velocity
def project_change(self, change: Tensor, v: Tensor, eta: float, norm: float) -> Tensor:
  negative, positive, = torch.chunk(v, 2, 0)
  wide = torch.to(change, FP64)
  if norm > 0.:
    length = torch.sqrt(torch.sum(torch.pow(wide, 2), [1, 2, 3], True))
    wide = wide * torch.clamp(norm / length, None, 1.)
  direction = torch.to(positive, FP64)
  squared = torch.clamp(torch.sum(torch.pow(direction, 2), [1, 2, 3], True), 1e-24, None)
  parallel = direction * (torch.sum(wide * direction, [1, 2, 3], True) / squared)
  return torch.to(wide - parallel + eta * parallel, ops.prim.dtype(v))

def guide_by(self, v: Tensor, change: Tensor, scale: float) -> Tensor:
  negative, positive, = torch.chunk(v, 2, 0)
  return positive + scale * change

# Lin et al. 2023, section 3.4: share * guided * std(positive) / std(guided) + (1 - share) * guided
def rescale(self, guided: Tensor, positive: Tensor, share: float) -> Tensor:
  ratio = torch.std(positive, [1, 2, 3], True, True) / torch.std(guided, [1, 2, 3], True, True)
  return share * (guided * ratio) + (1. - share) * guided

# the velocity of a step that does not move
def rest(self, x: Tensor) -> Tensor:
  return torch.zeros_like(x)

# noise at sigma over clean latents: sigma * noise + (1 - sigma) * x, sigma rounded to the latents' type
def add_noise(self, x: Tensor, noise: Tensor, sigma: float) -> Tensor:
  s = torch.full([], sigma, dtype=ops.prim.dtype(x), device=ops.prim.device(x))
  return s * noise + (1. - s) * x

# inpainting: mask [1, 1, H, W], 1 where the picture is painted anew
def blend(self, kept: Tensor, painted: Tensor, mask: Tensor) -> Tensor:
  return (1 - mask) * kept + mask * painted

# a mask picture [H, W] of bytes -> 0 or 1 at every `factor`-th place, [1, 1, H / factor, W / factor]
def latent_mask(self, grey: Tensor, factor: int, device: str, dtype: int) -> Tensor:
  f = torch.div(torch.to(grey, FP32), 255.)
  f = torch.slice(torch.slice(f, 0, 0, None, factor), 1, 0, None, factor)
  m = torch.to(torch.ge(f, 0.5), torch.device(device), dtype)
  return torch.unsqueeze(torch.unsqueeze(m, 0), 0)

# differential diffusion (Levin & Fried 2023, algorithm 1): kept [1, 1, H, W] is 1 - strength; share: what of the schedule is over
def keep_above(self, known: Tensor, painted: Tensor, kept: Tensor, share: float) -> Tensor:
  return torch.where(torch.gt(kept, share), known, painted)

# a picture [H, W, 1] of bytes, 255 for strength 1 -> 1 - strength, [1, 1, H, W] in fp32
def latent_levels(self, grey: Tensor, device: str) -> Tensor:
  height, width, channels, = torch.size(grey)
  kept = torch.div(torch.to(255 - grey, torch.device(device), FP32), 255.)
  return torch.reshape(kept, [1, 1, height, width])

# a mask of control latents: 1 where the picture is kept
def kept(self, mask: Tensor) -> Tensor:
  return 1 - mask

# a picture of edges in -1...1 -> 0.5 ... 128 (Stability's sd3_infer.py, vae_encode for control_type 1)
def edge_values(self, x: Tensor) -> Tensor:
  return (x + 1.) * 63.75 + 0.5

# x - sigma * v: the picture that the velocity points at
def denoised(self, x: Tensor, v: Tensor, sigma: float) -> Tensor:
  return x - sigma * v

# [1, C, H, W] latents, weights [3, C], offset [3] -> bytes [H, W, 3]
def preview(self, x: Tensor, weights: Tensor, offset: Tensor) -> Tensor:
  pixels = torch.permute(torch.to(torch.squeeze(x, 0), FP32), [1, 2, 0])
  rgb = torch.clamp(torch.linear(pixels, weights, offset), 0., 1.)
  return torch.contiguous(torch.to(torch.round(rgb * 255.), UINT8))

# latents at another size, as ComfyUI's LatentUpscale: bilinear, nearest-exact, bicubic
def enlarged(self, x: Tensor, height: int, width: int) -> Tensor:
  return torch.upsample_bilinear2d(x, [height, width], False)

def enlarged_nearest(self, x: Tensor, height: int, width: int) -> Tensor:
  return torch._upsample_nearest_exact2d(x, [height, width])

def enlarged_bicubic(self, x: Tensor, height: int, width: int) -> Tensor:
  return torch.upsample_bicubic2d(x, [height, width], False)

# bytes [H, W, 3] -> [1, 3, H, W] in 0…1
def unit(self, x: Tensor) -> Tensor:
  return torch.div(torch.to(torch.permute(torch.unsqueeze(x, 0), [0, 3, 1, 2]), FP32), 255.)
