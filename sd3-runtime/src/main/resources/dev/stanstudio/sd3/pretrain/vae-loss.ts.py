# The loss of an autoencoder (Kingma & Welling 2014; Rombach et al. 2022 without the adversary), in fp32.

# bytes [B, H, W, 3] -> [B, 3, H, W] in -1...1
def pictures(self, x: Tensor, device: str, dtype: int) -> Tensor:
  f = torch.div(torch.to(torch.permute(torch.to(x, torch.device(device), 0), [0, 3, 1, 2]), 6), 127.5) - 1.
  return torch.to(f, dtype)

# moments [B, 2C, h, w] and noise -> a draw of the posterior
def draw(self, moments: Tensor, noise: Tensor) -> Tensor:
  m = torch.chunk(moments, 2, 1)
  return m[0] + torch.exp(torch.clamp(m[1], -30., 20.) * 0.5) * noise

# [absolute error, squared error, KL to the normal distribution per latent element, squared error of colour without its grey]
def parts(self, wanted: Tensor, made: Tensor, moments: Tensor) -> Tensor:
  d = torch.to(made, 6) - torch.to(wanted, 6)
  chroma = d - torch.mean(d, [1], True)
  m = torch.chunk(torch.to(moments, 6), 2, 1)
  logvar = torch.clamp(m[1], -30., 20.)
  kl = 0.5 * torch.mean(m[0] * m[0] + torch.exp(logvar) - 1. - logvar)
  return torch.stack([torch.mean(torch.abs(d)), torch.mean(d * d), kl, torch.mean(chroma * chroma)])

def total(self, parts: Tensor, square: float, chroma: float, kl: float) -> Tensor:
  p = torch.select(parts, 0, 0) + torch.select(parts, 0, 1) * square
  return p + torch.select(parts, 0, 3) * chroma + torch.select(parts, 0, 2) * kl

# [mean, mean of squares] of the posterior's means
def moments_of_means(self, moments: Tensor) -> Tensor:
  m = torch.to(torch.chunk(moments, 2, 1)[0], 6)
  return torch.stack([torch.mean(m), torch.mean(m * m)])

# mean squared error of a picture in 0...1, both cut to -1...1
def picture_error(self, wanted: Tensor, made: Tensor) -> Tensor:
  d = (torch.clamp(torch.to(made, 6), -1., 1.) - torch.to(wanted, 6)) * 0.5
  return torch.mean(d * d)
