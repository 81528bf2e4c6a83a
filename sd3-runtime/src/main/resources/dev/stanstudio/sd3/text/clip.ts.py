# CLIP's text tower (Radford et al. 2021; transformers modeling_clip.py). B batch, T tokens, d width, h heads.

def embed(self, tokens: Tensor, positions: Tensor) -> Tensor:
  return tokens + torch.slice(positions, 0, 0, torch.size(tokens, 1))

def norm(self, x: Tensor, w: Tensor, b: Tensor, eps: float) -> Tensor:
  return torch.layer_norm(x, [torch.size(x, -1)], w, b, eps)

def heads_of(self, x: Tensor, h: int) -> Tensor:
  return torch.transpose(torch.view(x, [torch.size(x, 0), torch.size(x, 1), h, -1]), 1, 2)

# Causal attention of q, k, v [B, h, T, d/h]. On a CPU the fused one is fast forward and very slow backward.
def attend(self, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
  if torch.is_grad_enabled():
    t = torch.size(q, 2)
    later = torch.triu(torch.full([t, t], -30000., dtype=ops.prim.dtype(q), device=ops.prim.device(q)), 1)
    z = torch.matmul(q, torch.transpose(k, -2, -1)) * torch.pow(torch.size(q, -1), -0.5)
    a = torch.matmul(torch.softmax(z + later, -1), v)
  else:
    a = torch.scaled_dot_product_attention(q, k, v, None, 0., True)
  return a

# w: layer_norm1, q, k, v, out, layer_norm2, fc1, fc2, weight and bias each; padding is not masked
def layer(self, x: Tensor, w: List[Tensor], h: int, quick: bool, eps: float) -> Tensor:
  n = self.norm(x, w[0], w[1], eps)
  q = self.heads_of(torch.linear(n, w[2], w[3]), h)
  k = self.heads_of(torch.linear(n, w[4], w[5]), h)
  v = self.heads_of(torch.linear(n, w[6], w[7]), h)
  a = self.attend(q, k, v)
  y = x + torch.linear(torch.flatten(torch.transpose(a, 1, 2), 2), w[8], w[9])
  f = torch.linear(self.norm(y, w[10], w[11], eps), w[12], w[13])
  if quick:
    f = f * torch.sigmoid(1.702 * f)
  else:
    f = torch.gelu(f)
  return y + torch.linear(f, w[14], w[15])

# last hidden state [B, T, d] -> [B, p]: final norm, the row's end token, projection
def pool(self, x: Tensor, ends: Tensor, w: Tensor, b: Tensor, eps: float, projection: Tensor) -> Tensor:
  n = self.norm(x, w, b, eps)
  rows = torch.arange(torch.size(x, 0), dtype=4, device=ops.prim.device(x))
  picked = torch.index(n, annotate(List[Optional[Tensor]], [rows, ends]))
  return torch.linear(picked, projection)
