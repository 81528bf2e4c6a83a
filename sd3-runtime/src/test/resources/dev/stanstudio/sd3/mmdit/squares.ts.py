# One number that depends on every element.
def squares(self, x: Tensor) -> Tensor:
  return torch.mean(torch.pow(x, 2))
