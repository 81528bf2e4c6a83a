# Contrastive learning of pictures and texts (Radford et al. 2021, figure 3). B pairs, f features.
from dev.stanstudio.engine.numbers import numbers_like
from dev.stanstudio.engine.types import FP32, UINT8

# bytes [B, H, W, 3] -> [B, 3, H, W], every channel less its mean, over its deviation
def pixels(self, x: Tensor, device: str, mean: List[float], std: List[float], dtype: int) -> Tensor:
  f = torch.div(torch.to(torch.to(x, torch.device(device), UINT8), FP32), 255.)
  n = (f - self.numbers_like(mean, f)) / self.numbers_like(std, f)
  return torch.contiguous(torch.to(torch.permute(n, [0, 3, 1, 2]), dtype))

def unit(self, x: Tensor) -> Tensor:
  f = torch.to(x, FP32)
  return f / torch.clamp(torch.linalg_vector_norm(f, 2, [-1], True), 1e-12)

# images [B, f], texts [B', f] -> [B, B']
def cosines(self, images: Tensor, texts: Tensor) -> Tensor:
  return torch.matmul(self.unit(images), torch.transpose(self.unit(texts), 0, 1))

# The mean of both directions' cross entropies. wanted [B, B]: the share of each text in each picture's target, symmetric, so
# that rows and columns sum to 1. log_scale is cut at ln 100.
def loss(self, images: Tensor, texts: Tensor, wanted: Tensor, log_scale: Tensor) -> Tensor:
  w = torch.to(wanted, ops.prim.device(images), FP32)
  z = self.cosines(images, texts) * torch.exp(torch.clamp(log_scale, None, 4.605170185988092))
  a = torch.sum(w * torch.log_softmax(z, 1)) + torch.sum(w * torch.log_softmax(z, 0))
  return torch.neg(a) / (2 * torch.size(z, 0))

def mean(self, losses: List[Tensor]) -> Tensor:
  return torch.mean(torch.stack(losses))

# [a, b] -> [b, a]
def turned(self, x: Tensor) -> Tensor:
  return torch.contiguous(torch.transpose(x, 0, 1))
