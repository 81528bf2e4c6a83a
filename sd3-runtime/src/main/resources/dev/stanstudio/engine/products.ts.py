# Products with weights by libtorch's own operators, for any device and type.

def project(self, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
  return torch.linear(x, w, b)

def project_gelu(self, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
  return torch.gelu(torch.linear(x, w, b), approximate="tanh")

# x w' without a bias, for what adapters add
def times(self, x: Tensor, w: Tensor) -> Tensor:
  return torch.linear(x, w)

# x as attention multiplies it
def wide(self, x: Tensor) -> Tensor:
  return x
