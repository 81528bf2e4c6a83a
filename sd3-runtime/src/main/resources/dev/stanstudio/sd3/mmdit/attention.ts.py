# Attention by libtorch's own operator, for any device and type.

# [weight, bias, ...] as the products want them
def arrange(self, w: List[Tensor]) -> List[Tensor]:
  return w

# q, k, v [B, T, h, D] -> softmax(q k' / sqrt(D) + bias) v as [B, T, d]
def attend(self, q: Tensor, k: Tensor, v: Tensor, bias: Optional[Tensor]) -> Tensor:
  a = torch.scaled_dot_product_attention(torch.transpose(q, 1, 2), torch.transpose(k, 1, 2), torch.transpose(v, 1, 2), bias)
  return torch.flatten(torch.transpose(a, 1, 2), 2)
