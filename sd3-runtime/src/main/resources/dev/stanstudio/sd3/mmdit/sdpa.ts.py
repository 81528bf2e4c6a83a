# q, k, v [B, T, h, D] -> softmax(q k' / sqrt(D) + bias) v as [B, T, d], by libtorch's fused operator
def sdpa(self, q: Tensor, k: Tensor, v: Tensor, bias: Optional[Tensor]) -> Tensor:
  a = torch.scaled_dot_product_attention(torch.transpose(q, 1, 2), torch.transpose(k, 1, 2), torch.transpose(v, 1, 2), bias)
  return torch.flatten(torch.transpose(a, 1, 2), 2)
