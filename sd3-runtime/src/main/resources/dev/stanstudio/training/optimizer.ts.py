# What happens to parameters between gradients. Lists are in the parameters' order.
from dev.stanstudio.engine.types import FP32

def zeros_like(self, x: Tensor) -> Tensor:
  return torch.zeros_like(torch.detach(x))

def copy_all(self, into: List[Tensor], source: List[Tensor]) -> int:
  for i in range(torch.len(into)):
    y = torch.copy_(torch.detach(into[i]), source[i])
  return torch.len(into)

# the root of the sum of all squares
def global_norm(self, gradients: List[Tensor]) -> Tensor:
  norms: List[Tensor] = []
  for g in gradients:
    norms = torch.append(norms, torch.linalg_vector_norm(g))
  return torch.linalg_vector_norm(torch.stack(norms))

# AdamW, algorithm 2 of Loshchilov & Hutter (2019), with gradients scaled to a global norm of at most `clip`
def adamw(self, parameters: List[Tensor], gradients: List[Tensor], means: List[Tensor], squares: List[Tensor], norm: Tensor, step: int, lr: float, beta1: float, beta2: float, eps: float, decay: float, clip: float) -> int:
  ps: List[Tensor] = []
  for p in parameters:
    ps = torch.append(ps, torch.detach(p))
  gs: List[Tensor] = []
  for g in gradients:
    if clip > 0.:
      gs = torch.append(gs, g * torch.clamp(clip / (norm + 1e-06), None, 1.))
    else:
      gs = torch.append(gs, g)
  steps: List[Tensor] = []
  for p2 in parameters:
    steps = torch.append(steps, torch.full([], step, dtype=FP32, device=ops.prim.device(p2)))
  torch._fused_adamw_(ps, gs, means, squares, annotate(List[Tensor], []), steps, lr=lr, beta1=beta1, beta2=beta2, weight_decay=decay, eps=eps, amsgrad=False, maximize=False)
  return step

# The nearest matrix with equal singular values to one of norm 1, by five steps of a quintic Newton-Schulz iteration (Jordan et al.
# 2024), which bear a half type
def nearest_orthogonal(self, m: Tensor) -> Tensor:
  tall = torch.size(m, 0) > torch.size(m, 1)
  x = m
  if tall:
    x = torch.t(x)
  for i in range(5):
    a = torch.matmul(x, torch.t(x))
    b = torch.addmm(a, a, a, beta=-4.775, alpha=2.0315)
    x = torch.addmm(x, b, x, beta=3.4445)
  if tall:
    x = torch.t(x)
  return x

# The same of any tensor, as a matrix of its outputs
def orthogonal(self, g: Tensor, dtype: int) -> Tensor:
  flat = torch.flatten(g, 1)
  x = self.nearest_orthogonal(torch.to(torch.div(flat, torch.linalg_vector_norm(flat) + 1e-07), dtype))
  return torch.view(torch.to(x, FP32), torch.size(g))

# Muon for matrices: Nesterov momentum, made orthogonal, so that no direction of a matrix outruns the others. A convolution counts
# as a matrix of its outputs.
def muon(self, parameters: List[Tensor], gradients: List[Tensor], means: List[Tensor], lr: float, momentum: float, dtype: int) -> int:
  for i in range(torch.len(parameters)):
    p = torch.detach(parameters[i])
    m = torch.lerp_(means[i], gradients[i], 1. - momentum)
    u = self.orthogonal(torch.lerp(gradients[i], m, momentum), dtype)
    rows = torch.size(p, 0)
    columns = torch.floordiv(torch.numel(p), rows)
    stretch = torch.sqrt(ops.prim.max(1., torch.div(rows, columns)))
    q = torch.add_(p, u, alpha=-lr * stretch)
  return torch.len(parameters)

# averages move towards the parameters: a = decay * a + (1 - decay) * p
def average(self, averages: List[Tensor], parameters: List[Tensor], decay: float) -> int:
  for i in range(torch.len(averages)):
    y = torch.lerp_(averages[i], torch.detach(parameters[i]), 1. - decay)
  return torch.len(averages)

# (a + b) * scale, tensor by tensor
def sum_lists(self, a: List[Tensor], b: List[Tensor], scale: float) -> List[Tensor]:
  sums: List[Tensor] = []
  for i in range(torch.len(a)):
    s = torch.add(a[i], b[i])
    if scale == 1.:
      sums = torch.append(sums, s)
    else:
      sums = torch.append(sums, torch.mul_(s, scale))
  return sums
