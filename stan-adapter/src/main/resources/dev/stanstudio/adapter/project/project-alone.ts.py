# The frozen product of project.ts.py where there is no network's program to bring its own.
def project(self, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
  return torch.linear(x, w, b)

def times(self, x: Tensor, w: Tensor) -> Tensor:
  return torch.linear(x, w)
