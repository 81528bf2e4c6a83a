# Statistics of features z [B, T, l] (or [B, l] where a layer sees one token) of recorders (project.ts.py); the list `recorded` holds one z.
# B rows, T tokens, l features. Results are fp32.
from dev.stanstudio.engine.types import FP32

# The activation of each token [B, T, l]: the positive part of z (STAN paper, appendix F), or the size of what z adds, |z| * strength [l].
def activation(self, z: Tensor, magnitude: bool, strength: Tensor) -> Tensor:
  f = torch.reshape(torch.to(z, FP32), [torch.size(z, 0), -1, torch.size(z, -1)])
  if magnitude:
    a = torch.abs(f) * strength
  else:
    a = torch.relu(f)
  return a

# Sums over the tokens [B, 3, l]: activation, tokens with an activation above 0, tokens for which top-k selects the feature.
def totals(self, recorded: List[Tensor], magnitude: bool, strength: Tensor) -> Tensor:
  z, = recorded
  a = self.activation(z, magnitude, strength)
  f = torch.reshape(z, torch.size(a))
  activation = torch.sum(a, [1])
  active_tokens = torch.sum(torch.gt(a, 0), [1], dtype=FP32)
  selected_tokens = torch.sum(torch.ne(f, 0), [1], dtype=FP32)
  return torch.stack([activation, active_tokens, selected_tokens], 1)

def tokens(self, recorded: List[Tensor]) -> int:
  z, = recorded
  return torch.floordiv(torch.numel(z), torch.size(z, 0) * torch.size(z, -1))

# Activations of one feature by token, the mean over the rows: [T].
def map(self, recorded: List[Tensor], magnitude: bool, strength: Tensor, feature: int) -> Tensor:
  z, = recorded
  a = self.activation(z, magnitude, strength)
  return torch.mean(torch.select(a, 2, feature), [0])

# Activations of all features by place, the mean over the rows, each place the mean of the tokens it covers: [l, side, side].
def maps(self, recorded: List[Tensor], magnitude: bool, strength: Tensor, tokens: int, side: int) -> Tensor:
  z, = recorded
  a = torch.mean(self.activation(z, magnitude, strength), [0])
  grid = torch.reshape(torch.t(a), [1, -1, tokens, tokens])
  return torch.squeeze(torch.adaptive_avg_pool2d(grid, [side, side]), 0)

# Length of each column of D [m, l]: [l].
def lengths(self, D: Tensor, gate: Tensor) -> Tensor:
  f = torch.to(D, FP32)
  return torch.sqrt(torch.sum(f * f, [0])) * torch.abs(torch.reshape(torch.to(gate, FP32), [-1]))

# For each column of D [m, l] the other column with the largest |cosine|: [2, l], which one and the cosine. Columns of zeros have 0.
def nearest(self, D: Tensor) -> Tensor:
  f = torch.to(D, FP32)
  u = f / torch.clamp_min(torch.sqrt(torch.sum(f * f, [0], True)), 1e-12)
  cosine = torch.matmul(torch.t(u), u)
  others = cosine * (1. - torch.eye(torch.size(D, 1), dtype=FP32, device=ops.prim.device(D)))
  values, nearest, = torch.max(torch.abs(others), 1)
  return torch.stack([torch.to(nearest, FP32), torch.squeeze(torch.gather(others, 1, torch.unsqueeze(nearest, 1)), 1)])

# The directions of a tied STAN.
def transposed(self, E: Tensor) -> Tensor:
  return torch.contiguous(torch.t(E))
