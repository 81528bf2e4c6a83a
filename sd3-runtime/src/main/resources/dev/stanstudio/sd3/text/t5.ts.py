# T5 v1.1 encoder (Raffel et al. 2020, Shazeer 2020; transformers modeling_t5.py). B batch, T tokens, d width, h heads.
from dev.stanstudio.engine.heads import heads_of, joined_heads
from dev.stanstudio.engine.types import FP16, FP32, Weights
from dev.stanstudio.sd3.mmdit.adapters import BlockAdapters

# buckets [T, T] of relative positions, table [buckets, h] -> [1, h, T, T]
def position_bias(self, buckets: Tensor, table: Tensor) -> Tensor:
  return torch.contiguous(torch.unsqueeze(torch.permute(torch.embedding(table, buckets), [2, 0, 1]), 0))

# root mean square in fp32, no mean subtraction, rounded to half before the weight is applied
def norm(self, x: Tensor, w: Tensor, eps: float) -> Tensor:
  f = torch.to(x, FP32)
  y = f * torch.rsqrt(torch.mean(torch.pow(f, 2), [-1], True) + eps)
  return w * torch.to(y, ops.prim.dtype(w))

# T5-XXL overflows fp16: where an infinity appears, everything is pulled back below the largest half number
def guard(self, x: Tensor) -> Tensor:
  if ops.prim.dtype(x) == FP16:
    limit = torch.where(torch.any(torch.isinf(x)), 64504., 65504.)
    y = torch.clamp(x, torch.neg(limit), limit)
  else:
    y = x
  return y

# x [B, T, d] -> [B, T, d] with a bias [1, h, T, T] of attention scores, which are not scaled. weights: layer_norm, q, k, v, o, layer_norm,
# wi_0, wi_1, wo, without biases; adapters of q, k, v, o, wi_0, wi_1, wo (TextTower.java). Beside fp16 weights wo is fp32, and so is the residual stream from the first layer on.
def layer(self, x: Tensor, bias: Tensor, weights: Weights, adapters: BlockAdapters, h: int, eps: float) -> Tensor:
  norm1_w, q_w, k_w, v_w, o_w, norm2_w, wi_0, wi_1, wo, = weights
  n = self.norm(x, norm1_w, eps)
  q = self.heads_of(self.adapted_times(n, q_w, adapters[0]), h)
  k = self.heads_of(self.adapted_times(n, k_w, adapters[1]), h)
  v = self.heads_of(self.adapted_times(n, v_w, adapters[2]), h)
  a = torch.scaled_dot_product_attention(q, k, v, bias, 0., False, scale=1.)
  y = self.guard(x + self.adapted_times(self.joined_heads(a), o_w, adapters[3]))
  f = self.norm(y, norm2_w, eps)
  gated = torch.gelu(self.adapted_times(f, wi_0, adapters[4]), approximate="tanh") * self.adapted_times(f, wi_1, adapters[5])
  return self.guard(y + self.adapted_times(torch.to(gated, ops.prim.dtype(wo)), wo, adapters[6]))
