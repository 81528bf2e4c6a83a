# The loss of an autoencoder (Kingma & Welling 2014; Rombach et al. 2022 without the adversary), in fp32.
from dev.stanstudio.engine.types import FP32, UINT8
from dev.stanstudio.sd3.vae.posterior import draw, posterior

# bytes [B, H, W, 3] -> [B, 3, H, W] in -1...1
def pictures(self, x: Tensor, device: str, dtype: int) -> Tensor:
  f = torch.div(torch.to(torch.permute(torch.to(x, torch.device(device), UINT8), [0, 3, 1, 2]), FP32), 127.5) - 1.
  return torch.to(f, dtype)

# Four losses: [absolute error, squared error, KL to the normal distribution per latent element, squared error of colour without its
# grey]. wanted, made [B, 3, H, W]; moments [B, 2C, h, w].
def parts(self, wanted: Tensor, made: Tensor, moments: Tensor) -> Tensor:
  error = torch.to(made, FP32) - torch.to(wanted, FP32)
  chroma = error - torch.mean(error, [1], True)
  mean, logvar, = self.posterior(torch.to(moments, FP32))
  kl = 0.5 * torch.mean(mean * mean + torch.exp(logvar) - 1. - logvar)
  return torch.stack([torch.mean(torch.abs(error)), torch.mean(error * error), kl, torch.mean(chroma * chroma)])

# the sum of `parts` with their weights
def total(self, parts: Tensor, square: float, chroma: float, kl: float) -> Tensor:
  absolute_part, square_part, kl_part, chroma_part, = torch.unbind(parts, 0)
  return absolute_part + square_part * square + chroma_part * chroma + kl_part * kl

# [mean, mean of squares] of the posterior's means
def moments_of_means(self, moments: Tensor) -> Tensor:
  mean, logvar, = self.posterior(moments)
  m = torch.to(mean, FP32)
  return torch.stack([torch.mean(m), torch.mean(m * m)])

# mean squared error of a picture in 0...1, both cut to -1...1
def picture_error(self, wanted: Tensor, made: Tensor) -> Tensor:
  d = (torch.clamp(torch.to(made, FP32), -1., 1.) - torch.to(wanted, FP32)) * 0.5
  return torch.mean(d * d)
