# Losses on pairs of pictures (Wallace et al. 2024, "Diffusion model alignment using direct preference optimization"; Liu et al. 2025,
# "Improving video generation with human feedback", for rectified flow). Rows 2i and 2i + 1 of a batch are the preferred picture of pair i
# and the other, with the same noise e [2P, C, H, W] and level; z clean latents, v the velocity that the network answers.
from dev.stanstudio.engine.types import FP32

# Forms (PreferenceObjective.java), by what is made of h: -log sigmoid(beta h - margin), or (beta h - 1/2)^2
SIGMOID = 0
SQUARE = 1

# the mean of (v - (e - z))^2 over each picture, [P, 2]: preferred, other
def errors(self, v: Tensor, z: Tensor, e: Tensor) -> Tensor:
  error = torch.to(v, FP32) - (torch.to(e, FP32) - torch.to(z, FP32))
  return torch.view(torch.mean(torch.pow(error, 2), [1, 2, 3]), [-1, 2])

# [P]: half of what the other picture's error is larger than that of the preferred
def lead(self, errors: Tensor) -> Tensor:
  return (torch.select(errors, 1, 1) - torch.select(errors, 1, 0)) * 0.5

def lead_over(self, errors: Tensor, reference: Tensor) -> Tensor:
  return self.lead(errors) - self.lead(reference)

def pair_loss(self, h: Tensor, form: int, beta: float, margin: float) -> Tensor:
  if form == SQUARE:
    losses = torch.pow(h * beta - 0.5, 2)
  else:
    losses = -torch.log_sigmoid(h * beta - margin)
  return torch.mean(losses)

def winner_loss(self, errors: Tensor) -> Tensor:
  return torch.mean(torch.select(errors, 1, 0))
