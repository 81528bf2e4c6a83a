from dev.stanstudio.engine.types import FP32
from dev.stanstudio.sd3.mmdit.adapters import BlockAdapters

# One projection with the adapters of slot 0, for tests without a network.
def alone(self, x: Tensor, w: Tensor, b: Tensor, block: BlockAdapters) -> Tensor:
  return self.adapted(x, w, b, block[0])

def features(self, x: Tensor, E: Tensor, k: int, selection: int, decoder: int) -> Tensor:
  a = torch.linear(x, E)
  if decoder == 2:
    active = self.topk_indices(a, k, selection)
    eye = torch.eye(torch.size(E, 0), dtype=FP32, device=ops.prim.device(x))
    z = self.weighted_columns(torch.gather(self.rectified(a, selection), -1, active), eye, active)
  else:
    z = self.topk(a, k, selection, decoder, 1)
  return z

def dot(self, h: Tensor, upstream: Tensor) -> Tensor:
  return torch.sum(h * upstream)

def plain(self, x: Tensor, w: Tensor) -> Tensor:
  return torch.linear(x, w)

def plus(self, delta: Tensor, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
  return self.project(x, w, b) + delta

def gate(self, a: Tensor, b: Tensor) -> Tensor:
  return a * b

def turned(self, x: Tensor) -> Tensor:
  return torch.contiguous(torch.t(x))
