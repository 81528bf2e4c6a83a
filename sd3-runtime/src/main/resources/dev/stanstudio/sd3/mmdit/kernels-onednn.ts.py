# The network's heavy operations for x86-64 processors through oneDNN: its matrix products are faster than the BLAS behind
# torch.linear, take GELU along, and two samples in turn stay in the cache where both at once do not.

def project(self, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
  return ops.mkldnn._linear_pointwise(x, w, b, "none", annotate(List[Optional[number]], []), "")

def project_gelu(self, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
  return ops.mkldnn._linear_pointwise(x, w, b, "gelu", annotate(List[Optional[number]], []), "tanh")

# x w' without a bias, for what adapters add
def times(self, x: Tensor, w: Tensor) -> Tensor:
  return torch.linear(x, w)

# x + gate * y, into y, which is the caller's own and not used again
def gated(self, x: Tensor, gate: Tensor, y: Tensor) -> Tensor:
  return torch.addcmul(x, gate, y, out=y)

# x [B, T, d]; scale, shift [B, 1, d]: LN(x) * (1 + scale) + shift. For one sample that is LN with weight 1 + scale, bias shift.
def layer_norm(self, x: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
  d = torch.size(x, -1)
  if torch.size(x, 0) == 1:
    y = torch.layer_norm(x, [d], torch.view(scale + 1, [d]), torch.reshape(shift, [d]), 1e-06)
  else:
    n = torch.layer_norm(x, [d], None, None, 1e-06)
    y = torch.addcmul(shift, n, scale + 1, out=n)
  return y

def row(self, pieces: List[Tensor], i: int) -> List[Tensor]:
  rows: List[Tensor] = []
  for p in pieces:
    rows = torch.append(rows, torch.slice(p, 0, i, i + 1))
  return rows

# A joint block: sample by sample where one sample's tokens fill the cache, else the batch at once. modulation: norm1 weight, bias,
# norm1_context weight, bias.
def block(self, x: Tensor, e: Tensor, c: Tensor, sample: List[Tensor], context: List[Tensor], norm: List[Tensor], dual: List[Tensor], modulation: List[Tensor], a: List[List[Tuple[List[int], List[float], List[Tensor], List[Tensor], List[Tensor]]]], bias: Optional[Tensor], h: int) -> Tuple[Tensor, Tensor]:
  m = self.modulation_of(c, modulation[0], modulation[1], a[10])
  mc = self.modulation_of(c, modulation[2], modulation[3], a[11])
  if (torch.size(x, 1) + torch.size(e, 1)) * torch.size(x, 2) < 262144:
    y, z, = self.joint_block(x, e, m, mc, sample, context, norm, dual, a, bias, h)
  else:
    xs: List[Tensor] = []
    es: List[Tensor] = []
    for i in range(torch.size(x, 0)):
      yi, zi, = self.joint_block(torch.slice(x, 0, i, i + 1), torch.slice(e, 0, i, i + 1), self.row(m, i), self.row(mc, i), sample, context, norm, dual, a, bias, h)
      xs = torch.append(xs, yi)
      es = torch.append(es, zi)
    y = torch.cat(xs, 0)
    z = torch.cat(es, 0)
  return (y, z)
