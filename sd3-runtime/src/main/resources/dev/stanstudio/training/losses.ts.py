# Losses in fp32.

def mean_square(self, made: Tensor, wanted: Tensor) -> Tensor:
  d = torch.to(made, 6) - torch.to(wanted, 6)
  return torch.mean(d * d)
