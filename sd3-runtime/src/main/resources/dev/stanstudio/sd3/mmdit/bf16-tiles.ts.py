# For processors with a tile unit (AMX) for bf16.

# [weight, bias, ...] as the products want them: bf16 matrices in oneDNN's blocked layout, which it would otherwise make for each
# product anew; fp32 ones are as fast as they are. A blocked matrix can only be multiplied with.
def arrange(self, w: List[Tensor]) -> List[Tensor]:
  arranged: List[Tensor] = []
  for t in w:
    if torch.__and__(torch.dim(t) == 2, ops.prim.dtype(t) == 15):
      arranged = torch.append(arranged, ops.mkldnn._reorder_linear_weight(t, None))
    else:
      arranged = torch.append(arranged, t)
  return arranged

# q, k, v [B, T, h, D] -> softmax(q k' / sqrt(D) + bias) v as [B, T, d]
def attend(self, q: Tensor, k: Tensor, v: Tensor, bias: Optional[Tensor]) -> Tensor:
  a = torch.scaled_dot_product_attention(torch.transpose(q, 1, 2), torch.transpose(k, 1, 2), torch.transpose(v, 1, 2), bias)
  return torch.flatten(torch.transpose(a, 1, 2), 2)
