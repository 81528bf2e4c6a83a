# CSD keeps its style head as [d, f]; a linear map is [f, d].
def turned(self, x: Tensor) -> Tensor:
  return torch.contiguous(torch.t(x))
