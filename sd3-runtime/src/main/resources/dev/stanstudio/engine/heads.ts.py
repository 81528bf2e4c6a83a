# Attention heads. B batch, T tokens, d width, h heads.

# [B, T, d] -> [B, h, T, d/h]
def heads_of(self, x: Tensor, h: int) -> Tensor:
  return torch.transpose(torch.view(x, [torch.size(x, 0), torch.size(x, 1), h, -1]), 1, 2)

# [B, h, T, d/h] -> [B, T, d]
def joined_heads(self, x: Tensor) -> Tensor:
  return torch.flatten(torch.transpose(x, 1, 2), 2)
