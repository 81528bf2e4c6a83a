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

# act: 0 GELU, 1 x * sigmoid(1.702 x), 2 silu(a) * b with [a | b] = x. Without gradients x is overwritten: a batch of it is as
# much memory as all else together, and fresh memory costs more than the sum.
def activate(self, x: Tensor, act: int) -> Tensor:
  fresh = torch.is_grad_enabled()
  if act == 0:
    if fresh:
      y = torch.gelu(x)
    else:
      y = torch.gelu_(x)
  else:
    if act == 1:
      if fresh:
        y = x * torch.sigmoid(1.702 * x)
      else:
        y = torch.div_(torch.silu_(torch.mul_(x, 1.702)), 1.702)
    else:
      half = torch.floordiv(torch.size(x, -1), 2)
      y = torch.silu(torch.slice(x, -1, 0, half)) * torch.slice(x, -1, half)
  return y

# Attention of q, k, v [B, h, T, d/h]. On a CPU the fused one is fast forward and very slow backward.
def attend(self, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
  if torch.is_grad_enabled():
    z = torch.matmul(q, torch.transpose(k, -2, -1)) * torch.pow(torch.size(q, -1), -0.5)
    a = torch.matmul(torch.softmax(z, -1), v)
  else:
    a = torch.to(torch.scaled_dot_product_attention(self.wide(q), self.wide(k), self.wide(v)), ops.prim.dtype(q))
  return a

# a + b, in the memory of b without gradients
def plus(self, a: Tensor, b: Tensor) -> Tensor:
  if torch.is_grad_enabled():
    y = a + b
  else:
    y = torch.add_(b, a)
  return y

# A pre-norm block. w: norm1, query, key, value, out, norm2, up, down, weight and bias each, then for DINOv2 the two layer
# scales [d].
def block(self, x: Tensor, w: List[Tensor], h: int, act: int, eps: float) -> Tensor:
  n = self.norm(x, w[0], w[1], eps)
  q = self.heads_of(self.project(n, w[2], w[3]), h)
  k = self.heads_of(self.project(n, w[4], w[5]), h)
  v = self.heads_of(self.project(n, w[6], w[7]), h)
  a = self.attend(q, k, v)
  o = self.project(torch.flatten(torch.transpose(a, 1, 2), 2), w[8], w[9])
  scaled = torch.len(w) > 16
  if scaled:
    o = o * w[16]
  y = self.plus(x, o)
  f = self.activate(self.project(self.norm(y, w[10], w[11], eps), w[12], w[13]), act)
  m = self.project(f, w[14], w[15])
  if scaled:
    m = m * w[17]
  return self.plus(y, m)

# [B, T, d] -> the class token [B, d], or projected [B, f]. w: the last norm's weight and bias, perhaps a projection [f, d].
def pool(self, x: Tensor, w: List[Tensor], eps: float) -> Tensor:
  y = self.norm(torch.select(x, 1, 0), w[0], w[1], eps)
  if torch.len(w) > 2:
    y = self.times(y, w[2])
  return torch.to(y, 6)

# The last norm over all tokens.
def states(self, x: Tensor, w: List[Tensor], eps: float) -> Tensor:
  return self.norm(x, w[0], w[1], eps)
