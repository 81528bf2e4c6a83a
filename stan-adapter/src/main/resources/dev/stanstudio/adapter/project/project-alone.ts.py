# The frozen products of project.ts.py where no network's program brings its own.

# W x + b
def project(self, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
  return torch.linear(x, w, b)

# W x
def times(self, x: Tensor, w: Tensor) -> Tensor:
  return torch.linear(x, w)
