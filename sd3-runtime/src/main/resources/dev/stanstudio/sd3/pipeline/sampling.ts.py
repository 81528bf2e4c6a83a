# Operations on latents x [B, C, H, W] and velocities v between the calls of the transformer.
from dev.stanstudio.engine.types import FP32, UINT8

def twice(self, x: Tensor) -> Tensor:
  return torch.cat([x, x], 0)

# classifier-free guidance (Ho & Salimans 2022) over a batch [negative; positive]
def guide(self, v: Tensor, guidance: float) -> Tensor:
  negative, positive, = torch.chunk(v, 2, 0)
  return negative + guidance * (positive - negative)

# skip-layer guidance: guided + scale * (positive - skipped); v holds [negative; positive]
def guide_skip(self, guided: Tensor, v: Tensor, skipped: Tensor, scale: float) -> Tensor:
  negative, positive, = torch.chunk(v, 2, 0)
  return guided + (positive - skipped) * scale

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

# x - sigma * v: the picture that the velocity points at
def denoised(self, x: Tensor, v: Tensor, sigma: float) -> Tensor:
  return x - sigma * v

# [1, C, H, W] latents, weights [3, C], offset [3] -> bytes [H, W, 3]
def preview(self, x: Tensor, weights: Tensor, offset: Tensor) -> Tensor:
  pixels = torch.permute(torch.to(torch.squeeze(x, 0), FP32), [1, 2, 0])
  rgb = torch.clamp(torch.linear(pixels, weights, offset), 0., 1.)
  return torch.contiguous(torch.to(torch.round(rgb * 255.), UINT8))
