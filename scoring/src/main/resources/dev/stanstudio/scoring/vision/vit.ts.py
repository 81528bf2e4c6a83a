# Vision transformers (Dosovitskiy et al. 2021): the image towers (encoders) of CLIP (transformers modeling_clip.py), DINO
# (modeling_vit.py) and DINOv2 (modeling_dinov2.py, modeling_dinov2_with_registers.py).
# Linear layers (project, project_scaled, project_onto, times, wide) are in products*.ts.py.
# B batch, H W pixels, p patch, n patches, T tokens (class token, registers, patches), d width, h heads.
from dev.stanstudio.engine.heads import heads_of, joined_heads
from dev.stanstudio.engine.norm import norm
from dev.stanstudio.engine.types import FP32, Weights

# What lies between the two linear layers of an MLP (FeedForward.java).
GELU = 0
QUICK_GELU = 1
SWIGLU = 2

# On a CPU malloc returns memory of more than 32 MB at once and takes it anew, so an MLP of more inner numbers than MAX_INNER goes over
# rows with INNER_AT_ONCE numbers at a time.
MAX_INNER = 8388608
INNER_AT_ONCE = 4194304

# Position table [1 + side^2, d] in fp32 -> [1 + rows * columns, d]; the class token's row stays. With an offset the grid is
# stretched by (rows + offset) / side, as the first DINO code does, else to the target size.
def positions(self, table: Tensor, side: int, rows: int, columns: int, offset: float, antialias: bool) -> Tensor:
  if torch.__and__(rows == side, columns == side):
    y = table
  else:
    d = torch.size(table, 1)
    grid = torch.permute(torch.view(torch.slice(table, 0, 1), [1, side, side, d]), [0, 3, 1, 2])
    if offset > 0.:
      g = torch.upsample_bicubic2d(grid, [rows, columns], False, (rows + offset) / side, (columns + offset) / side)
    else:
      if antialias:
        g = torch._upsample_bicubic2d_aa(grid, [rows, columns], False, None, None)
      else:
        g = torch.upsample_bicubic2d(grid, [rows, columns], False, None, None)
    flat = torch.transpose(torch.flatten(torch.squeeze(g, 0), 1), 0, 1)
    y = torch.cat([torch.slice(table, 0, 0, 1), flat], 0)
  return y

# pixels [B, 3, H, W] -> tokens [B, T, d]. weights: patch weight and bias, class token [1, d], position table [1 + side^2, d], then
# registers [r, d] or the weight and bias of a norm before the blocks.
def embed(self, pixels: Tensor, weights: Weights, patch: int, side: int, offset: float, antialias: bool, registers: bool, pre_norm: bool, eps: float) -> Tensor:
  patch_w, patch_b, class_token, table, = torch.slice(weights, 0, 4)
  grid = torch.to(torch.conv2d(self.wide(pixels), self.wide(patch_w), self.wide(patch_b), [patch, patch]), ops.prim.dtype(pixels))
  positions = self.positions(table, side, torch.size(grid, 2), torch.size(grid, 3), offset, antialias)
  patches = torch.transpose(torch.flatten(grid, 2), 1, 2)
  B = torch.size(patches, 0)
  x = torch.cat([torch.expand(class_token, [B, 1, -1]), patches], 1) + torch.to(positions, ops.prim.dtype(patches))
  if registers:
    register_tokens, = torch.slice(weights, 4)
    x = torch.cat([torch.slice(x, 1, 0, 1), torch.expand(register_tokens, [B, -1, -1]), torch.slice(x, 1, 1)], 1)
  if pre_norm:
    norm_w, norm_b, = torch.slice(weights, 4)
    x = self.norm(x, norm_w, norm_b, eps)
  return x

# GELU; x * sigmoid(1.702 x); or silu(a) * b with [a | b] = x. Without gradients GELU overwrites x: a batch of it is as
# much memory as all else together, and fresh memory costs more than the sum.
def activate(self, x: Tensor, act: int) -> Tensor:
  if act == GELU:
    if torch.is_grad_enabled():
      y = torch.gelu(x)
    else:
      y = torch.gelu_(x)
  elif act == QUICK_GELU:
    y = x * torch.sigmoid(1.702 * x)
  else:
    half = torch.floordiv(torch.size(x, -1), 2)
    y = torch.silu(torch.slice(x, -1, 0, half)) * torch.slice(x, -1, half)
  return y

# Attention of q, k, v [B, h, T, d/h] -> [B, T, d]. On a CPU the fused one is fast forward and very slow backward.
def attend(self, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
  if torch.is_grad_enabled():
    scores = torch.matmul(q, torch.transpose(k, -2, -1)) * torch.pow(torch.size(q, -1), -0.5)
    a = torch.matmul(torch.softmax(scores, -1), v)
  else:
    a = torch.to(torch.scaled_dot_product_attention(self.wide(q), self.wide(k), self.wide(v)), ops.prim.dtype(q))
  return self.joined_heads(a)

# a + b, in the memory of b without gradients
def plus(self, a: Tensor, b: Tensor) -> Tensor:
  if torch.is_grad_enabled():
    y = a + b
  else:
    y = torch.add_(b, a)
  return y

# y + the MLP of n, with its layer scale [d] if there is one; in the memory of y without gradients. weights: up and down, weight and bias
# each. x * sigmoid(1.702 x) is silu(1.702 x) / 1.702, and both factors go into the products, where they cost nothing.
def add_mlp(self, y: Tensor, n: Tensor, weights: Weights, layer_scale: Optional[Tensor], act: int) -> Tensor:
  up_w, up_b, down_w, down_b, = weights
  if torch.__or__(torch.is_grad_enabled(), torch.__isnot__(layer_scale, None)):
    m = self.project(self.activate(self.project(n, up_w, up_b), act), down_w, down_b)
    if torch.__isnot__(layer_scale, None):
      m = m * unchecked_cast(Tensor, layer_scale)
    z = self.plus(m, y)
  elif act == QUICK_GELU:
    f = torch.silu_(self.project_scaled(n, up_w, up_b, 1.702))
    z = self.project_onto(y, f, down_w, down_b, 1. / 1.702)
  else:
    z = self.project_onto(y, self.activate(self.project(n, up_w, up_b), act), down_w, down_b, 1.)
  return z

# x + attention's output, of what its heads computed, a [B, T, d]; with its layer scale [d] if there is one; in the memory of x without
# gradients. weights: out's weight and bias.
def add_attention(self, x: Tensor, a: Tensor, weights: Weights, layer_scale: Optional[Tensor]) -> Tensor:
  out_w, out_b, = weights
  if torch.__or__(torch.is_grad_enabled(), torch.__isnot__(layer_scale, None)):
    o = self.project(a, out_w, out_b)
    if torch.__isnot__(layer_scale, None):
      o = o * unchecked_cast(Tensor, layer_scale)
    y = self.plus(x, o)
  else:
    y = self.project_onto(x, a, out_w, out_b, 1.)
  return y

# The rest of a block after its heads computed a [B, T, d] of tokens x, which it overwrites without gradients.
# weights: out, norm2, up, down, weight and bias each, then for DINOv2 the two layer scales [d].
def after_heads(self, x: Tensor, a: Tensor, weights: Weights, act: int, eps: float) -> Tensor:
  norm2_w, norm2_b, up_w, = torch.slice(weights, 2, 5)
  mlp = torch.slice(weights, 4, 8)
  scale1: Optional[Tensor] = None
  scale2: Optional[Tensor] = None
  if torch.len(weights) == 10:
    found1, found2, = torch.slice(weights, 8)
    scale1 = found1
    scale2 = found2
  y = self.add_attention(x, a, torch.slice(weights, 0, 2), scale1)
  n = self.norm(y, norm2_w, norm2_b, eps)
  rows = torch.flatten(y, 0, 1)
  count = torch.size(rows, 0)
  inner = torch.size(up_w, 0)
  if torch.__or__(torch.is_grad_enabled(), torch.__or__(ops.prim.is_cuda(x), count * inner <= MAX_INNER)):
    z = self.add_mlp(y, n, mlp, scale2, act)
  else:
    normed = torch.flatten(n, 0, 1)
    step = torch.floordiv(INNER_AT_ONCE, inner)
    for i in range(torch.floordiv(count + step - 1, step)):
      first = i * step
      done = self.add_mlp(torch.slice(rows, 0, first, first + step), torch.slice(normed, 0, first, first + step), mlp, scale2, act)
    z = y
  return z

# A pre-norm block: x [B, T, d] -> [B, T, d]. weights: norm1, query, key, value, out, norm2, up, down, weight and bias each, then for
# DINOv2 the two layer scales [d].
def block(self, x: Tensor, weights: Weights, h: int, act: int, eps: float) -> Tensor:
  norm1_w, norm1_b, q_w, q_b, k_w, k_b, v_w, v_b, = torch.slice(weights, 0, 8)
  n = self.norm(x, norm1_w, norm1_b, eps)
  q = self.heads_of(self.project(n, q_w, q_b), h)
  k = self.heads_of(self.project(n, k_w, k_b), h)
  v = self.heads_of(self.project(n, v_w, v_b), h)
  return self.after_heads(x, self.attend(q, k, v), torch.slice(weights, 8), act, eps)

# x [B, 1, d] with zeros after it up to 16 rows: the sums of a product of so many do not depend on how many threads share it, those of
# a single one do.
def filled(self, x: Tensor) -> Tensor:
  rows = torch.size(x, 0)
  if rows < 16:
    y = torch.cat([x, torch.expand(torch.zeros_like(torch.slice(x, 0, 0, 1)), [16 - rows, -1, -1])], 0)
  else:
    y = x
  return y

# The last block for the class token alone, which is all that features need of it: [B, T, d] -> [B, 1, d]. The token asks 16 times,
# for the same reason.
def last(self, x: Tensor, weights: Weights, h: int, act: int, eps: float) -> Tensor:
  norm1_w, norm1_b, q_w, q_b, k_w, k_b, v_w, v_b, = torch.slice(weights, 0, 8)
  B = torch.size(x, 0)
  n = self.norm(x, norm1_w, norm1_b, eps)
  class_token = self.filled(torch.slice(n, 1, 0, 1))
  q = self.heads_of(torch.slice(self.project(class_token, q_w, q_b), 0, 0, B), h)
  k = self.heads_of(self.project(n, k_w, k_b), h)
  v = self.heads_of(self.project(n, v_w, v_b), h)
  a = self.filled(torch.slice(self.attend(torch.expand(q, [-1, -1, 16, -1]), k, v), 1, 0, 1))
  y = self.after_heads(self.filled(torch.slice(x, 1, 0, 1)), a, torch.slice(weights, 8), act, eps)
  return torch.slice(y, 0, 0, B)

# [B, T, d] -> the class token [B, d], or projected [B, f]. weights: the last norm's weight and bias, perhaps a projection [f, d].
def pool(self, x: Tensor, weights: Weights, eps: float) -> Tensor:
  norm_w, norm_b, = torch.slice(weights, 0, 2)
  y = self.norm(torch.select(x, 1, 0), norm_w, norm_b, eps)
  if torch.len(weights) == 3:
    projection, = torch.slice(weights, 2)
    y = self.times(y, projection)
  return torch.to(y, FP32)

# The last norm over all tokens, [B, T, d]. weights: as pool's.
def states(self, x: Tensor, weights: Weights, eps: float) -> Tensor:
  norm_w, norm_b, = torch.slice(weights, 0, 2)
  return self.norm(x, norm_w, norm_b, eps)
