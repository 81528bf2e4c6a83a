# Attention computed in fp32 whatever the type of its inputs: faster and more exact than the fused bf16 kernel on processors that
# have no tile unit (AMX) for it.

# q, k, v [B, T, h, D] -> softmax(q k' / sqrt(D) + bias) v as [B, T, d]
def attend(self, q: Tensor, k: Tensor, v: Tensor, bias: Optional[Tensor]) -> Tensor:
  wide: Optional[Tensor] = None
  if torch.__isnot__(bias, None):
    wide = torch.to(unchecked_cast(Tensor, bias), 6)
  a = torch.scaled_dot_product_attention(torch.to(torch.transpose(q, 1, 2), 6), torch.to(torch.transpose(k, 1, 2), 6), torch.to(torch.transpose(v, 1, 2), 6), wide)
  return torch.to(torch.flatten(torch.transpose(a, 1, 2), 2), ops.prim.dtype(q))
