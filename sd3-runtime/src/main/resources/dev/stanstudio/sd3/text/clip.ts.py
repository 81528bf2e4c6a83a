# CLIP's text tower (Radford et al. 2021; transformers modeling_clip.py). B batch, T tokens, d width, h heads, p projection.
from dev.stanstudio.engine.heads import heads_of, joined_heads
from dev.stanstudio.engine.norm import norm
from dev.stanstudio.engine.types import INT64, Weights
from dev.stanstudio.sd3.mmdit.adapters import BlockAdapters

# tokens [B, T, d] plus the first T of the positions [77, d]
def embed(self, tokens: Tensor, positions: Tensor) -> Tensor:
  return tokens + torch.slice(positions, 0, 0, torch.size(tokens, 1))

# Causal attention of q, k, v [B, h, T, d/h]. On a CPU the fused one is fast forward and very slow backward.
def attend(self, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
  if torch.is_grad_enabled():
    T = torch.size(q, 2)
    later = torch.triu(torch.full([T, T], -30000., dtype=ops.prim.dtype(q), device=ops.prim.device(q)), 1)
    scores = torch.matmul(q, torch.transpose(k, -2, -1)) * torch.pow(torch.size(q, -1), -0.5)
    a = torch.matmul(torch.softmax(scores + later, -1), v)
  else:
    a = torch.scaled_dot_product_attention(q, k, v, None, 0., True)
  return a

# x * sigmoid(1.702 x), as OpenAI trained CLIP, or the exact GELU
def activate(self, x: Tensor, quick: bool) -> Tensor:
  if quick:
    y = x * torch.sigmoid(1.702 * x)
  else:
    y = torch.gelu(x)
  return y

# x [B, T, d] -> [B, T, d]; padding is not masked. weights: layer_norm1, q, k, v, out, layer_norm2, fc1, fc2, weight and bias each;
# adapters of q, k, v, out, fc1, fc2 (TextTower.java).
def layer(self, x: Tensor, weights: Weights, adapters: BlockAdapters, h: int, quick: bool, eps: float) -> Tensor:
  norm1_w, norm1_b, q_w, q_b, k_w, k_b, v_w, v_b, out_w, out_b, norm2_w, norm2_b, fc1_w, fc1_b, fc2_w, fc2_b, = weights
  n = self.norm(x, norm1_w, norm1_b, eps)
  q = self.heads_of(self.adapted(n, q_w, q_b, adapters[0]), h)
  k = self.heads_of(self.adapted(n, k_w, k_b, adapters[1]), h)
  v = self.heads_of(self.adapted(n, v_w, v_b, adapters[2]), h)
  y = x + self.adapted(self.joined_heads(self.attend(q, k, v)), out_w, out_b, adapters[3])
  hidden = self.activate(self.adapted(self.norm(y, norm2_w, norm2_b, eps), fc1_w, fc1_b, adapters[4]), quick)
  return y + self.adapted(hidden, fc2_w, fc2_b, adapters[5])

# The last hidden state [B, T, d] -> [B, p]: the final norm w, b, each row's end token `ends` [B], the projection [p, d] and its adapters.
def pool(self, x: Tensor, ends: Tensor, w: Tensor, b: Tensor, eps: float, projection: Tensor, adapters: BlockAdapters) -> Tensor:
  normed = self.norm(x, w, b, eps)
  rows = torch.arange(torch.size(x, 0), dtype=INT64, device=ops.prim.device(x))
  end_tokens = torch.index(normed, annotate(List[Optional[Tensor]], [rows, ends]))
  return self.adapted_times(end_tokens, projection, adapters[0])
