# Products with weights by libtorch's own operators, for any device and type.

def project(self, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
  return torch.linear(x, w, b)

def project_gelu(self, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
  return torch.gelu(torch.linear(x, w, b), approximate="tanh")

# c (x w' + b)
def project_scaled(self, x: Tensor, w: Tensor, b: Tensor, c: float) -> Tensor:
  y = torch.addmm(b * c, torch.flatten(x, 0, -2), torch.t(w), alpha=c)
  return torch.view(y, torch.append(torch.slice(torch.size(x), 0, -1), torch.size(w, 0)))

# r + c x w' + b in the memory of r if that is contiguous: neither the bias nor the sum goes through memory of its own
def project_onto(self, r: Tensor, x: Tensor, w: Tensor, b: Tensor, c: float) -> Tensor:
  rows = torch.add_(torch.flatten(r, 0, -2), b)
  return torch.view(torch.addmm_(rows, torch.flatten(x, 0, -2), torch.t(w), alpha=c), torch.size(r))

# x w' without a bias, for what adapters add
def times(self, x: Tensor, w: Tensor) -> Tensor:
  return torch.linear(x, w)

# x as attention multiplies it
def wide(self, x: Tensor) -> Tensor:
  return x
