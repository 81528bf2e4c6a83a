# The posterior of an autoencoder. moments [B, 2C, H, W]: the mean [B, C, H, W], then the logarithm of the variance.

# the mean, and the logarithm of the variance between -30 and 20
def posterior(self, moments: Tensor) -> Tuple[Tensor, Tensor]:
  mean, logvar, = torch.chunk(moments, 2, 1)
  return (mean, torch.clamp(logvar, -30., 20.))

# moments and noise [B, C, H, W] -> a draw [B, C, H, W]
def draw(self, moments: Tensor, noise: Tensor) -> Tensor:
  mean, logvar, = self.posterior(moments)
  return mean + torch.exp(logvar * 0.5) * noise
