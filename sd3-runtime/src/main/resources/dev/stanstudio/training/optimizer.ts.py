# What happens to parameters between gradients. Lists are in the parameters' order.

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
    steps = torch.append(steps, torch.full([], step, dtype=6, device=ops.prim.device(p2)))
  torch._fused_adamw_(ps, gs, means, squares, annotate(List[Tensor], []), steps, lr=lr, beta1=beta1, beta2=beta2, weight_decay=decay, eps=eps, amsgrad=False, maximize=False)
  return step

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
