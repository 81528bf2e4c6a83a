# Self-distillation without labels (Caron et al. 2021, DINO). B pictures, V views, d features, K prototypes.
from dev.stanstudio.engine.numbers import numbers_like
from dev.stanstudio.engine.types import FP32, UINT8, Weights

# bytes [B, H, W, 3] -> [B, 3, H, W] in 0 ... 1, fp32
def unit_pixels(self, x: Tensor, device: str) -> Tensor:
  f = torch.div(torch.to(torch.to(x, torch.device(device), UINT8), FP32), 255.)
  return torch.permute(f, [0, 3, 1, 2])

# The part of each picture that its matrix [2, 3] says, size pixels a side, its contrast and brightness changed, perhaps grey:
# looks [B, 6] holds factor, offset, share of grey and each channel's factor. Then every channel less its mean, over its deviation.
def view(self, x: Tensor, matrices: Tensor, looks: Tensor, size: int, mean: List[float], std: List[float], dtype: int) -> Tensor:
  d = ops.prim.device(x)
  b = torch.size(x, 0)
  grid = torch.affine_grid_generator(torch.to(matrices, d, FP32), [b, 3, size, size], False)
  y = torch.grid_sampler(x, grid, 0, 1, False)
  look = torch.view(torch.to(looks, d, FP32), [b, 6, 1, 1])
  factor, offset, greyness, channel_factors, = torch.split_with_sizes(look, [1, 1, 1, 3], 1)
  y = torch.clamp((y - 0.5) * factor + 0.5 + offset, 0., 1.)
  luma = torch.view(self.numbers_like([0.299, 0.587, 0.114], x), [1, 3, 1, 1])
  grey = torch.sum(y * luma, [1], True)
  y = torch.lerp(y, torch.expand_as(grey, y), torch.expand_as(greyness, y))
  y = torch.clamp(y * channel_factors, 0., 1.)
  return self.normal(y, mean, std, dtype)

def normal(self, y: Tensor, mean: List[float], std: List[float], dtype: int) -> Tensor:
  m = torch.view(self.numbers_like(mean, y), [1, 3, 1, 1])
  s = torch.view(self.numbers_like(std, y), [1, 3, 1, 1])
  return torch.contiguous(torch.to(torch.div(y - m, s), dtype))

# features [B, d] -> scores of the prototypes [B, K]. weights: three linear layers with weight and bias, then the prototypes [K, f], which
# only count as directions.
def head(self, x: Tensor, weights: Weights) -> Tensor:
  w1, b1, w2, b2, w3, b3, prototypes, = weights
  y = torch.gelu(torch.linear(x, w1, b1))
  y = torch.gelu(torch.linear(y, w2, b2))
  y = torch.linear(y, w3, b3)
  return torch.linear(self.directions(y), self.directions(prototypes))

# rows divided by their lengths
def directions(self, x: Tensor) -> Tensor:
  return x / torch.clamp(torch.linalg_vector_norm(x, 2, [-1], True), 1e-12)

# The teacher's opinions [B, K] of scores [B, K]: centred, so that no prototype wins everywhere, and sharpened.
def opinions(self, scores: Tensor, center: Tensor, temperature: float) -> Tensor:
  return torch.softmax((scores - center) / temperature, -1)

# student: scores of V views [V, B, K]; teacher: opinions of the first views [G, B, K]. The mean cross entropy of every view
# with every opinion of another view of its picture.
def loss(self, student: Tensor, teacher: Tensor, temperature: float) -> Tensor:
  logs = torch.log_softmax(student / temperature, -1)
  total = torch.zeros([], dtype=FP32, device=ops.prim.device(student))
  terms = 0
  for g in range(torch.size(teacher, 0)):
    for v in range(torch.size(student, 0)):
      if v != g:
        total = total - torch.mean(torch.sum(torch.select(teacher, 0, g) * torch.select(logs, 0, v), -1))
        terms = terms + 1
  return total / terms

# center = momentum * center + (1 - momentum) * mean of the scores, in place
def recentre(self, center: Tensor, scores: Tensor, momentum: float) -> int:
  m = torch.mean(torch.flatten(scores, 0, 1), [0])
  y = torch.lerp_(torch.detach(center), m, 1. - momentum)
  return 0

def stack(self, x: List[Tensor]) -> Tensor:
  return torch.stack(x)

# [V * B, K] -> [V, B, K]
def by_view(self, x: Tensor, views: int) -> Tensor:
  return torch.reshape(x, [views, -1, torch.size(x, -1)])

def columns(self, x: Tensor, from_: int, to: int) -> Tensor:
  return torch.slice(x, 1, from_, to)

# nats of the mean opinion: ln K when all prototypes are used alike
def spread(self, teacher: Tensor) -> Tensor:
  m = torch.mean(torch.flatten(teacher, 0, 1), [0])
  return torch.neg(torch.sum(m * torch.log(torch.clamp(m, 1e-12))))
