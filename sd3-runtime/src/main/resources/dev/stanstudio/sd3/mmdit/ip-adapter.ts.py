# IP-Adapters for Stable Diffusion 3 (Ye et al. 2023; InstantX; diffusers IPAdapterTimeImageProjection): a resampler that reads the
# features of pictures at the timestep, and the keys and values that each attention of the transformer sees of them. P pictures of S
# features w wide, T queries, r width of the resampler. Other letters as in mmdit.ts.py, whose functions these use.
from dev.stanstudio.engine.norm import norm
from dev.stanstudio.engine.numbers import numbers_like
from dev.stanstudio.engine.types import FP32, Weights
from dev.stanstudio.sd3.mmdit.images import Images

# Width of a head of the resampler, and the eps of its norms.
HEAD_WIDTH = 64
EPS = 1e-05

# The logarithm of the ratio of the first to the last frequency of the sinusoid, -ln(10000).
LOG_PERIOD = -9.210340371976184

# Number of tensors of one attention.
PER_ATTENTION = 7

# timesteps -> [B, r] in the type of x, without a SiLU after it. weights: two linear layers, weight and bias each.
def picture_time(self, timesteps: List[float], x: Tensor, weights: Weights) -> Tensor:
  w1, b1, w2, b2, = weights
  t = self.numbers_like(timesteps, x)
  half = torch.floordiv(torch.size(w1, 1), 2)
  frequencies = torch.exp(torch.arange(half, dtype=FP32, device=ops.prim.device(x)) * LOG_PERIOD / half)
  angles = torch.unsqueeze(t, 1) * torch.unsqueeze(frequencies, 0)
  waves = torch.to(torch.cat([torch.cos(angles), torch.sin(angles)], 1), ops.prim.dtype(x))
  return self.project(torch.silu(self.project(waves, w1, b1)), w2, b2)

# features [B, P, S, w], time [B, r] -> features [B P, S, r], the queries [B P, T, r] and the time [B P, r] of each picture.
# weights: queries [1, T, r], weight and bias of the first projection.
def picture_features(self, features: Tensor, time: Tensor, weights: Weights) -> Tuple[Tensor, Tensor, Tensor]:
  queries, w, b, = weights
  times = torch.repeat_interleave(time, torch.size(features, 1), 0)
  x = self.project(torch.flatten(features, 0, 1), w, b) + torch.unsqueeze(times, 1)
  return (x, torch.expand(queries, [torch.size(x, 0), -1, -1]), times)

# One layer of the resampler: x [B P, S, r], y [B P, T, r] -> y. weights: norms of x and y, modulation, q, kv, out, norm, up, down, of
# which q, kv, out, up and down have no bias.
def picture_layer(self, x: Tensor, y: Tensor, times: Tensor, weights: Weights) -> Tensor:
  x_norm_w, x_norm_b, y_norm_w, y_norm_b, modulation_w, modulation_b, = torch.slice(weights, 0, 6)
  q_w, kv_w, out_w, norm_w, norm_b, up_w, down_w, = torch.slice(weights, 6, 13)
  modulation = torch.unsqueeze(self.project(torch.silu(times), modulation_w, modulation_b), 1)
  shift1, scale1, shift2, scale2, = torch.chunk(modulation, 4, 2)
  h = torch.floordiv(torch.size(q_w, 0), HEAD_WIDTH)
  n = self.norm(y, y_norm_w, y_norm_b, EPS) * (scale1 + 1) + shift1
  q = self.times(n, q_w)
  kv = self.times(torch.cat([self.norm(x, x_norm_w, x_norm_b, EPS), n], 1), kv_w)
  k, v, = torch.chunk(kv, 2, 2)
  attended = self.attend(self.picture_heads(q, h), self.picture_heads(k, h), self.picture_heads(v, h), None)
  z = y + self.times(attended, out_w)
  m = self.norm(z, norm_w, norm_b, EPS) * (scale2 + 1) + shift2
  return z + self.times(torch.gelu(self.times(m, up_w)), down_w)

# [B, T, d] -> [B, T, h, d/h]
def picture_heads(self, x: Tensor, h: int) -> Tensor:
  return torch.reshape(x, [torch.size(x, 0), torch.size(x, 1), h, -1])

# The last projection and norm; the P pictures of a row stand one after another: y [B P, T, r] -> [B, P T, d].
def picture_tokens(self, y: Tensor, weights: Weights, B: int) -> Tensor:
  w, b, norm_w, norm_b, = weights
  return torch.reshape(self.norm(self.project(y, w, b), norm_w, norm_b, EPS), [B, -1, torch.size(w, 0)])

# The entries of a block: tokens [B, T, d], time [B, r]. weights for each attention: weight and bias of the modulation, k, v, and the
# norms of the image stream's q, of its k and of the pictures' k.
def picture_keys(self, tokens: Tensor, time: Tensor, weights: Weights, scale: float, h: int) -> Images:
  images = annotate(Images, [])
  for i in range(torch.floordiv(torch.len(weights), PER_ATTENTION)):
    first = i * PER_ATTENTION
    modulation_w, modulation_b, k_w, v_w, norm_q, norm_k, norm_picture, = torch.slice(weights, first, first + PER_ATTENTION)
    shift, factor, = torch.chunk(torch.unsqueeze(self.project(torch.silu(time), modulation_w, modulation_b), 1), 2, 2)
    normed = self.layer_norm(tokens, factor, shift)
    k = self.rms_norm(self.picture_heads(self.times(normed, k_w), h), norm_picture)
    v = self.picture_heads(self.times(normed, v_w), h)
    images = torch.append(images, (k, v, norm_q, norm_k, scale))
  return images
