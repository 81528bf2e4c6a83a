# LayerNorm over the last axis, with weight and bias.
def norm(self, x: Tensor, w: Tensor, b: Tensor, eps: float) -> Tensor:
  return torch.layer_norm(x, [torch.size(x, -1)], w, b, eps)
