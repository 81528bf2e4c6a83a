# Products with weights of half types on processors that have no instructions for them: numbers are multiplied in fp32 and the result
# rounded once, some twenty times as fast as libtorch's own operators there.
from dev.stanstudio.engine.types import FP32

def wide(self, x: Tensor) -> Tensor:
  return torch.to(x, FP32)

def project(self, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
  return torch.to(torch.linear(self.wide(x), self.wide(w), self.wide(b)), ops.prim.dtype(x))

def project_gelu(self, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
  return torch.to(torch.gelu(torch.linear(self.wide(x), self.wide(w), self.wide(b)), approximate="tanh"), ops.prim.dtype(x))

# c (x w' + b)
def project_scaled(self, x: Tensor, w: Tensor, b: Tensor, c: float) -> Tensor:
  y = torch.addmm(self.wide(b) * c, torch.flatten(self.wide(x), 0, -2), torch.t(self.wide(w)), alpha=c)
  return torch.to(torch.view(y, torch.append(torch.slice(torch.size(x), 0, -1), torch.size(w, 0))), ops.prim.dtype(x))

# r + c x w' + b in the memory of r
def project_onto(self, r: Tensor, x: Tensor, w: Tensor, b: Tensor, c: float) -> Tensor:
  y = torch.addmm(self.wide(b), torch.flatten(self.wide(x), 0, -2), torch.t(self.wide(w)), alpha=c)
  return torch.add_(r, torch.to(torch.view(y, torch.size(r)), ops.prim.dtype(x)))

# x w' without a bias, for what adapters add
def times(self, x: Tensor, w: Tensor) -> Tensor:
  return torch.to(torch.linear(self.wide(x), self.wide(w)), ops.prim.dtype(x))
