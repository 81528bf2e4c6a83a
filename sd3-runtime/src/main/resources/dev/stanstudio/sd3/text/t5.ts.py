# T5 v1.1 encoder (Raffel et al. 2020, Shazeer 2020; transformers modeling_t5.py). B batch, T tokens, d width, h heads.

# buckets [T, T] of relative positions, table [buckets, h] -> [1, h, T, T]
def position_bias(self, buckets: Tensor, table: Tensor) -> Tensor:
  return torch.contiguous(torch.unsqueeze(torch.permute(torch.embedding(table, buckets), [2, 0, 1]), 0))

# root mean square in fp32, no mean subtraction, rounded to half before the weight is applied
def norm(self, x: Tensor, w: Tensor, eps: float) -> Tensor:
  f = torch.to(x, 6)
  y = f * torch.rsqrt(torch.mean(torch.pow(f, 2), [-1], True) + eps)
  return w * torch.to(y, ops.prim.dtype(w))

# T5-XXL overflows fp16: where an infinity appears, everything is pulled back below the largest half number
def guard(self, x: Tensor) -> Tensor:
  if ops.prim.dtype(x) == 5:
    limit = torch.where(torch.any(torch.isinf(x)), 64504., 65504.)
    y = torch.clamp(x, torch.neg(limit), limit)
  else:
    y = x
  return y

def heads_of(self, x: Tensor, h: int) -> Tensor:
  return torch.transpose(torch.view(x, [torch.size(x, 0), torch.size(x, 1), h, -1]), 1, 2)

# w: layer_norm, q, k, v, o, layer_norm, wi_0, wi_1, wo (no biases); scores are not scaled. Beside fp16 weights wo is fp32,
# and so is the residual stream from the first layer on
def layer(self, x: Tensor, bias: Tensor, w: List[Tensor], h: int, eps: float) -> Tensor:
  n = self.norm(x, w[0], eps)
  q = self.heads_of(torch.linear(n, w[1]), h)
  k = self.heads_of(torch.linear(n, w[2]), h)
  v = self.heads_of(torch.linear(n, w[3]), h)
  a = torch.scaled_dot_product_attention(q, k, v, bias, 0., False, scale=1.)
  y = self.guard(x + torch.linear(torch.flatten(torch.transpose(a, 1, 2), 2), w[4]))
  f = self.norm(y, w[5], eps)
  g = torch.gelu(torch.linear(f, w[6]), approximate="tanh") * torch.linear(f, w[7])
  z = torch.linear(torch.to(g, ops.prim.dtype(w[8])), w[8])
  return self.guard(y + z)
