# One projection with the adapters of slot 0, for tests without a network.
def alone(self, x: Tensor, w: Tensor, b: Tensor, block: List[List[Tuple[List[int], List[float], List[Tensor], List[Tensor], List[Tensor]]]]) -> Tensor:
  return self.adapted(x, w, b, block[0])

def features(self, x: Tensor, E: Tensor, k: int, selection: int, decoder: int) -> Tensor:
  a = torch.linear(x, E)
  if decoder == 0:
    z = self.thresholded(a, k, selection, 1)
  elif decoder == 1:
    z = self.masked(a, k, selection)
  else:
    z = self.gathered(a, torch.eye(torch.size(E, 0), dtype=6, device=ops.prim.device(x)), k, selection)
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
