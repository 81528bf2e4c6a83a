# For processors that multiply bf16 in vectors, or not at all: blocked weights gain nothing, and attention is faster and more exact
# in fp32 than in the fused bf16 kernel.

# [weight, bias, ...] as the products want them
def arrange(self, w: List[Tensor]) -> List[Tensor]:
  return w

# q, k, v [B, T, h, D] -> softmax(q k' / sqrt(D) + bias) v as [B, T, d]
def attend(self, q: Tensor, k: Tensor, v: Tensor, bias: Optional[Tensor]) -> Tensor:
  wide: Optional[Tensor] = None
  if torch.__isnot__(bias, None):
    wide = torch.to(unchecked_cast(Tensor, bias), 6)
  a = torch.scaled_dot_product_attention(torch.to(torch.transpose(q, 1, 2), 6), torch.to(torch.transpose(k, 1, 2), 6), torch.to(torch.transpose(v, 1, 2), 6), wide)
  return torch.to(torch.flatten(torch.transpose(a, 1, 2), 2), ops.prim.dtype(q))
