# The rectified-flow objective (Esser et al. 2024, section 2; diffusers train_dreambooth_lora_sd3.py). z clean latents [B, C, H, W],
# e noise, s noise levels [B], v the velocity that the network answers for x = (1 - s) z + s e. Type 6 is fp32.

def levels(self, z: Tensor, sigmas: List[float]) -> Tensor:
  return torch.view(torch.tensor(sigmas, dtype=6, device=ops.prim.device(z)), [-1, 1, 1, 1])

# mean of w (v - (e - z))^2, or, preconditioned, of w (x - s v - z)^2. weighting: 0 w = 1, 1 s^-2, 2 cosmap
def loss(self, v: Tensor, x: Tensor, z: Tensor, e: Tensor, sigmas: List[float], preconditioned: bool, weighting: int) -> Tensor:
  s = self.levels(z, sigmas)
  if preconditioned:
    d = x - s * torch.to(v, 6) - torch.to(z, 6)
  else:
    d = torch.to(v, 6) - (torch.to(e, 6) - torch.to(z, 6))
  q = torch.pow(d, 2)
  if weighting == 1:
    q = q / torch.pow(s, 2)
  elif weighting == 2:
    q = q * (0.6366197723675814 / (1. - 2. * s + 2. * torch.pow(s, 2)))
  return torch.mean(q)

def plus(self, loss: Tensor, more: Tensor) -> Tensor:
  return loss + more
