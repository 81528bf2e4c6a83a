# The rectified-flow objective (Esser et al. 2024, section 2; diffusers train_dreambooth_lora_sd3.py). z clean latents [B, C, H, W],
# e noise, s noise levels [B], v the velocity that the network answers for x = (1 - s) z + s e.
from dev.stanstudio.engine.types import FP32
from dev.stanstudio.training.levels import sigma_like

# Weightings (FlowObjective.java): 1, s^-2, 2 / (pi (1 - 2 s + 2 s^2)).
NONE = 0
SIGMA_SQRT = 1
COSMAP = 2
TWO_OVER_PI = 0.6366197723675814

# Penalties of an error (Penalty.java): its square, its size, and the two pseudo-Huber forms with a delta of each row.
L2 = 0
L1 = 1
HUBER = 2
SMOOTH_L1 = 3

# mean of w (v - (e - z))^2, or, preconditioned, of w (x - s v - z)^2; w by `weighting`, the square or another `penalty`.
# rows [B] and one of masks [B, 1, H, W]: what rows and places count besides; none for 1
def loss(self, v: Tensor, x: Tensor, z: Tensor, e: Tensor, sigmas: List[float], preconditioned: bool, weighting: int, penalty: int, deltas: List[float], rows: List[float], masks: List[Tensor]) -> Tensor:
  s = self.sigma_like(sigmas, z)
  if preconditioned:
    error = x - s * torch.to(v, FP32) - torch.to(z, FP32)
  else:
    error = torch.to(v, FP32) - (torch.to(e, FP32) - torch.to(z, FP32))
  square = self.penalised(error, penalty, deltas)
  if weighting == SIGMA_SQRT:
    square = square / torch.pow(s, 2)
  elif weighting == COSMAP:
    square = square * (TWO_OVER_PI / (1. - 2. * s + 2. * torch.pow(s, 2)))
  for mask in masks:
    square = square * mask
  if torch.len(rows) > 0:
    square = square * self.sigma_like(rows, z)
  return torch.mean(square)

def penalised(self, error: Tensor, penalty: int, deltas: List[float]) -> Tensor:
  if penalty == L2:
    counted = torch.pow(error, 2)
  elif penalty == L1:
    counted = torch.abs(error)
  else:
    d = self.sigma_like(deltas, error)
    counted = 2. * (torch.sqrt(torch.pow(error, 2) + torch.pow(d, 2)) - d)
    if penalty == HUBER:
      counted = counted * d
  return counted

def plus(self, loss: Tensor, more: Tensor) -> Tensor:
  return loss + more
