# Vision transformers (Dosovitskiy et al. 2021): the image towers of CLIP (transformers modeling_clip.py), DINO
# (modeling_vit.py) and DINOv2 (modeling_dinov2.py, modeling_dinov2_with_registers.py).
# Products with weights (project, times, wide) are another text's.
# B batch, H W pixels, p patch, n patches, T tokens (class token, registers, patches), d width, h heads. 6 is fp32.

def norm(self, x: Tensor, w: Tensor, b: Tensor, eps: float) -> Tensor:
  return torch.layer_norm(x, [torch.size(x, -1)], w, b, eps)

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

# pixels [B, 3, H, W] -> [B, T, d]. w: patch weight and bias, class token [d], position table, then registers [r, d] or the
# weight and bias of a norm before the blocks.
def embed(self, pixels: Tensor, w: List[Tensor], patch: int, side: int, offset: float, antialias: bool, registers: bool, pre_norm: bool, eps: float) -> Tensor:
  p = torch.to(torch.conv2d(self.wide(pixels), self.wide(w[0]), self.wide(w[1]), [patch, patch]), ops.prim.dtype(pixels))
  table = self.positions(w[3], side, torch.size(p, 2), torch.size(p, 3), offset, antialias)
  t = torch.transpose(torch.flatten(p, 2), 1, 2)
  b = torch.size(t, 0)
  x = torch.cat([torch.expand(w[2], [b, 1, -1]), t], 1) + torch.to(table, ops.prim.dtype(t))
  if registers:
    x = torch.cat([torch.slice(x, 1, 0, 1), torch.expand(w[4], [b, -1, -1]), torch.slice(x, 1, 1)], 1)
  if pre_norm:
    x = self.norm(x, w[4], w[5], eps)
  return x

def heads_of(self, x: Tensor, h: int) -> Tensor:
  return torch.transpose(torch.view(x, [torch.size(x, 0), torch.size(x, 1), h, -1]), 1, 2)

# act: 0 GELU, 1 x * sigmoid(1.702 x), 2 silu(a) * b with [a | b] = x. Without gradients GELU overwrites x: a batch of it is as
# much memory as all else together, and fresh memory costs more than the sum.
def activate(self, x: Tensor, act: int) -> Tensor:
  if act == 0:
    if torch.is_grad_enabled():
      y = torch.gelu(x)
    else:
      y = torch.gelu_(x)
  else:
    if act == 1:
      y = x * torch.sigmoid(1.702 * x)
    else:
      half = torch.floordiv(torch.size(x, -1), 2)
      y = torch.silu(torch.slice(x, -1, 0, half)) * torch.slice(x, -1, half)
  return y

# Attention of q, k, v [B, h, T, d/h] -> [B, T, d]. On a CPU the fused one is fast forward and very slow backward.
def attend(self, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
  if torch.is_grad_enabled():
    z = torch.matmul(q, torch.transpose(k, -2, -1)) * torch.pow(torch.size(q, -1), -0.5)
    a = torch.matmul(torch.softmax(z, -1), v)
  else:
    a = torch.to(torch.scaled_dot_product_attention(self.wide(q), self.wide(k), self.wide(v)), ops.prim.dtype(q))
  return torch.flatten(torch.transpose(a, 1, 2), 2)

# a + b, in the memory of b without gradients
def plus(self, a: Tensor, b: Tensor) -> Tensor:
  if torch.is_grad_enabled():
    y = a + b
  else:
    y = torch.add_(b, a)
  return y

# y + the MLP of n, with its layer scale [d] if there is one; in the memory of y without gradients. w as block's.
# x * sigmoid(1.702 x) is silu(1.702 x) / 1.702, and both factors go into the products, where they cost nothing.
def mlp_onto(self, y: Tensor, n: Tensor, w: List[Tensor], act: int) -> Tensor:
  if torch.__or__(torch.is_grad_enabled(), torch.len(w) > 16):
    m = self.project(self.activate(self.project(n, w[12], w[13]), act), w[14], w[15])
    if torch.len(w) > 16:
      m = m * w[17]
    z = self.plus(m, y)
  else:
    if act == 1:
      f = torch.silu_(self.project_scaled(n, w[12], w[13], 1.702))
      z = self.project_onto(y, f, w[14], w[15], 1. / 1.702)
    else:
      z = self.project_onto(y, self.activate(self.project(n, w[12], w[13]), act), w[14], w[15], 1.)
  return z

# What a block makes of tokens x, which it overwrites without gradients, and of what their heads gathered, a [B, T, d]. w as block's.
# On a CPU malloc gives back and takes anew what is more than 32 MB, so where the MLP needs more it goes over some rows at a time.
def gathered(self, x: Tensor, a: Tensor, w: List[Tensor], act: int, eps: float) -> Tensor:
  if torch.__or__(torch.is_grad_enabled(), torch.len(w) > 16):
    o = self.project(a, w[8], w[9])
    if torch.len(w) > 16:
      o = o * w[16]
    y = self.plus(x, o)
  else:
    y = self.project_onto(x, a, w[8], w[9], 1.)
  n = self.norm(y, w[10], w[11], eps)
  inner = torch.size(w[12], 0)
  step = torch.floordiv(4194304, inner)
  rows = torch.flatten(y, 0, 1)
  count = torch.floordiv(torch.size(rows, 0) + step - 1, step)
  if torch.__or__(torch.is_grad_enabled(), torch.__or__(ops.prim.is_cuda(x), torch.size(rows, 0) * inner <= 8388608)):
    z = self.mlp_onto(y, n, w, act)
  else:
    normed = torch.flatten(n, 0, 1)
    for i in range(count):
      part = torch.slice(rows, 0, i * step, (i + 1) * step)
      done = self.mlp_onto(part, torch.slice(normed, 0, i * step, (i + 1) * step), w, act)
    z = y
  return z

# A pre-norm block. w: norm1, query, key, value, out, norm2, up, down, weight and bias each, then for DINOv2 the two layer
# scales [d].
def block(self, x: Tensor, w: List[Tensor], h: int, act: int, eps: float) -> Tensor:
  n = self.norm(x, w[0], w[1], eps)
  q = self.heads_of(self.project(n, w[2], w[3]), h)
  k = self.heads_of(self.project(n, w[4], w[5]), h)
  v = self.heads_of(self.project(n, w[6], w[7]), h)
  return self.gathered(x, self.attend(q, k, v), w, act, eps)

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
def last(self, x: Tensor, w: List[Tensor], h: int, act: int, eps: float) -> Tensor:
  rows = torch.size(x, 0)
  n = self.norm(x, w[0], w[1], eps)
  q = self.heads_of(torch.slice(self.project(self.filled(torch.slice(n, 1, 0, 1)), w[2], w[3]), 0, 0, rows), h)
  k = self.heads_of(self.project(n, w[4], w[5]), h)
  v = self.heads_of(self.project(n, w[6], w[7]), h)
  a = self.filled(torch.slice(self.attend(torch.expand(q, [-1, -1, 16, -1]), k, v), 1, 0, 1))
  return torch.slice(self.gathered(self.filled(torch.slice(x, 1, 0, 1)), a, w, act, eps), 0, 0, rows)

# [B, T, d] -> the class token [B, d], or projected [B, f]. w: the last norm's weight and bias, perhaps a projection [f, d].
def pool(self, x: Tensor, w: List[Tensor], eps: float) -> Tensor:
  y = self.norm(torch.select(x, 1, 0), w[0], w[1], eps)
  if torch.len(w) > 2:
    y = self.times(y, w[2])
  return torch.to(y, 6)

# The last norm over all tokens.
def states(self, x: Tensor, w: List[Tensor], eps: float) -> Tensor:
  return self.norm(x, w[0], w[1], eps)
