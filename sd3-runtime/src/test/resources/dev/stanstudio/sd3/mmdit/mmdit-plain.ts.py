# MMDiT, the transformer of Stable Diffusion 3 (Esser et al. 2024, section 4; diffusers transformer_sd3.py, attention.py).
# B batch, N image tokens, M text tokens, d width, h heads, D = d/h. "sample" is the image stream, "context" the text stream.
# Weight lists hold [weight, bias] pairs; see MmditBlock for their order.
from dev.stanstudio.sd3.mmdit.adapters import BlockAdapters

def layer_norm(self, x: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
  # x [B, T, d]; scale, shift [B, 1, d]: LN(x) * (1 + scale) + shift, LN without parameters of its own
  n = torch.layer_norm(x, [torch.size(x, -1)], None, None, 1e-06)
  return torch.addcmul(shift, n, scale + 1)

# One place for every projection of the network.
def project(self, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
  return torch.linear(x, w, b)

def rms_norm(self, x: Tensor, w: Tensor) -> Tensor:
  # over the D numbers of a head; the mean square is taken in fp32 and the result rounded before the weight is applied
  f = torch.to(x, 6)
  y = f * torch.rsqrt(torch.mean(torch.pow(f, 2), [-1], True) + 1e-06)
  return torch.to(y, ops.prim.dtype(w)) * w

def feed_forward(self, x: Tensor, up_w: Tensor, up_b: Tensor, down_w: Tensor, down_b: Tensor) -> Tensor:
  return self.project(torch.gelu(self.project(x, up_w, up_b), approximate="tanh"), down_w, down_b)

def heads_of(self, qkv: Tensor, h: int, norm_q: Optional[Tensor], norm_k: Optional[Tensor]) -> Tuple[Tensor, Tensor, Tensor]:
  # [B, T, 3d] -> q, k, v [B, T, h, D], q and k normalised per head where the model does so
  split = torch.view(qkv, [torch.size(qkv, 0), torch.size(qkv, 1), 3, h, -1])
  q = torch.select(split, 2, 0)
  k = torch.select(split, 2, 1)
  if torch.__isnot__(norm_q, None):
    q = self.rms_norm(q, unchecked_cast(Tensor, norm_q))
    k = self.rms_norm(k, unchecked_cast(Tensor, norm_k))
  return (q, k, torch.select(split, 2, 2))

def attend(self, q: Tensor, k: Tensor, v: Tensor, bias: Optional[Tensor]) -> Tensor:
  # q, k, v [B, T, h, D] -> softmax(q k' / sqrt(D) + bias) v as [B, T, d]
  a = torch.scaled_dot_product_attention(torch.transpose(q, 1, 2), torch.transpose(k, 1, 2), torch.transpose(v, 1, 2), bias)
  return torch.flatten(torch.transpose(a, 1, 2), 2)

# The attention over both streams: sample tokens first, then context tokens.
def joint_attention(self, x: Tensor, e: Tensor, sample: List[Tensor], context: List[Tensor], norm: List[Tensor], bias: Optional[Tensor], h: int) -> Tensor:
  normed = torch.len(norm) == 4
  nq: Optional[Tensor] = None
  nk: Optional[Tensor] = None
  cq: Optional[Tensor] = None
  ck: Optional[Tensor] = None
  if normed:
    nq = norm[0]
    nk = norm[1]
    cq = norm[2]
    ck = norm[3]
    q, k, v, = self.heads_of(self.project(x, sample[0], sample[1]), h, nq, nk)
    q2, k2, v2, = self.heads_of(self.project(e, context[0], context[1]), h, cq, ck)
    a = self.attend(torch.cat([q, q2], 1), torch.cat([k, k2], 1), torch.cat([v, v2], 1), bias)
  else:
    both = torch.cat([self.project(x, sample[0], sample[1]), self.project(e, context[0], context[1])], 1)
    q3, k3, v3, = self.heads_of(both, h, None, None)
    a = self.attend(q3, k3, v3, bias)
  return a

def self_attention(self, x: Tensor, dual: List[Tensor], h: int) -> Tensor:
  nq: Optional[Tensor] = None
  nk: Optional[Tensor] = None
  if torch.len(dual) == 6:
    nq = dual[4]
    nk = dual[5]
  q, k, v, = self.heads_of(self.project(x, dual[0], dual[1]), h, nq, nk)
  return self.project(self.attend(q, k, v, None), dual[2], dual[3])

# One joint block. c [B, d] conditioning after SiLU; sample 8 tensors, context 8 (2 in the last block, whose context output is
# not used), norm 4 or 0, dual 6, 4 or 0, modulation 4. Returns the new x and e.
def block(self, x: Tensor, e: Tensor, c: Tensor, sample: List[Tensor], context: List[Tensor], norm: List[Tensor], dual: List[Tensor], modulation: List[Tensor], adapters: BlockAdapters, images: List[Tuple[Tensor, Tensor, Tensor, Tensor, float]], bias: Optional[Tensor], h: int) -> Tuple[Tensor, Tensor]:
  N = torch.size(x, 1)
  last = torch.len(context) == 2
  twice = torch.len(dual) != 0
  m = torch.chunk(torch.unsqueeze(torch.linear(c, modulation[0], modulation[1]), 1), 9 if twice else 6, 2)
  mc = torch.chunk(torch.unsqueeze(torch.linear(c, modulation[2], modulation[3]), 1), 2 if last else 6, 2)
  n = self.layer_norm(x, m[1], m[0])
  if last:
    ne = self.layer_norm(e, mc[0], mc[1])
  else:
    ne = self.layer_norm(e, mc[1], mc[0])
  a = self.joint_attention(n, ne, sample, context, norm, bias, h)
  y = torch.addcmul(x, m[2], self.project(torch.slice(a, 1, 0, N), sample[2], sample[3]))
  if twice:
    n2 = self.layer_norm(x, m[7], m[6])
    y = torch.addcmul(y, m[8], self.self_attention(n2, dual, h))
  f = self.feed_forward(self.layer_norm(y, m[4], m[3]), sample[4], sample[5], sample[6], sample[7])
  y = torch.addcmul(y, m[5], f)
  z = e
  if not last:
    z = torch.addcmul(e, mc[2], self.project(torch.slice(a, 1, N), context[2], context[3]))
    g = self.feed_forward(self.layer_norm(z, mc[4], mc[3]), context[4], context[5], context[6], context[7])
    z = torch.addcmul(z, mc[5], g)
  return (y, z)

# latents [B, C, H, W] -> tokens [B, N, d] with the centre of the position table added. outer: pos_embed, proj weight, proj bias.
def embed_latents(self, latents: Tensor, outer: List[Tensor], p: int, table: int) -> Tensor:
  x = torch.conv2d(latents, outer[1], outer[2], [p, p])
  H = torch.size(x, 2)
  W = torch.size(x, 3)
  top = torch.floordiv(table - H, 2)
  left = torch.floordiv(table - W, 2)
  pos = torch.view(outer[0], [1, table, table, -1])
  pos = torch.slice(torch.slice(pos, 1, top, top + H), 2, left, left + W)
  x = torch.transpose(torch.flatten(x, 2), 1, 2)
  return torch.to(x + torch.flatten(pos, 1, 2), ops.prim.dtype(x))

def embed_context(self, e: Tensor, w: Tensor, b: Tensor) -> Tensor:
  return torch.linear(e, w, b)

# two linears with SiLU between: w = [w1, b1, w2, b2]
def mlp(self, x: Tensor, w: List[Tensor]) -> Tensor:
  return torch.linear(torch.silu(torch.linear(x, w[0], w[1])), w[2], w[3])

# timesteps [B] fp32 -> [B, 256]: cosines, then sines, of t * 10000^(-k/128)
def sinusoid(self, t: Tensor, dtype: int) -> Tensor:
  k = torch.arange(128, dtype=6, device=ops.prim.device(t))
  f = torch.exp(k * -0.07195578415606394)
  a = torch.unsqueeze(t, 1) * torch.unsqueeze(f, 0)
  return torch.to(torch.cat([torch.cos(a), torch.sin(a)], 1), dtype)

# SiLU(MLP(sinusoid(t)) + text): what every block's modulation reads. text [B, d] = MLP(pooled).
def conditioning(self, timesteps: List[float], text: Tensor, time: List[Tensor]) -> Tensor:
  t = torch.tensor(timesteps, dtype=6, device=ops.prim.device(text))
  return torch.silu(self.mlp(self.sinusoid(t, ops.prim.dtype(text)), time) + text)

# final norm, projection and unpatchify: [B, N, d] -> [B, C, H, W]. head: norm_out weight, bias, proj_out weight, bias.
def head(self, x: Tensor, c: Tensor, head: List[Tensor], p: int, height: int, width: int) -> Tensor:
  m = torch.chunk(torch.unsqueeze(torch.linear(c, head[0], head[1]), 1), 2, 2)
  y = torch.linear(self.layer_norm(x, m[0], m[1]), head[2], head[3])
  B = torch.size(x, 0)
  y = torch.view(y, [B, torch.floordiv(height, p), torch.floordiv(width, p), p, p, -1])
  return torch.reshape(torch.permute(y, [0, 5, 1, 3, 2, 4]), [B, -1, height, width])

# Attention bias that counts the last of T tokens `times` times.
def repeat_bias(self, x: Tensor, tokens: int, times: int) -> Tensor:
  b = torch.zeros([1, 1, 1, tokens], dtype=ops.prim.dtype(x), device=ops.prim.device(x))
  last = torch.slice(b, 3, tokens - 1)
  w = torch.fill_(last, torch.log(times))
  return b

# qkv of one attention in one matrix: [q, k, v] along the rows
def fuse(self, parts: List[Tensor]) -> Tensor:
  return torch.cat(parts, 0)
