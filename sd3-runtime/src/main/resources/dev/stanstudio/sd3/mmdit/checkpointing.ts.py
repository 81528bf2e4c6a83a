# Gradients block by block. A list of gradients holds those of a block's inputs x, e and c (see mmdit.ts.py), then the parameters'.

# Index of e's and of c's gradient in such a list, and of the first parameter's.
E = 1
C = 2
STREAMS = 3

# the same numbers as the beginning of a recording of its own
def leaf(self, x: Tensor) -> Tensor:
  return torch.requires_grad_(torch.detach(torch.clone(x)), True)

# zeros for x, e and c (never read, but for c's, which is added to), then for the parameters
def zeros_beside(self, parameters: List[Tensor]) -> List[Tensor]:
  z = annotate(List[Tensor], [])
  for p in parameters:
    z = torch.append(z, torch.zeros_like(p))
  return z

# One step back: the gradients of the inputs, and the parameters' so far with what the outputs add. outputs: one loss, or streams
# whose gradients are `upstream`. sums: the parameters' gradients so far, in all but the first step after x's, e's and c's.
def back(self, outputs: List[Tensor], upstream: List[Tensor], inputs: List[Tensor], parameters: List[Tensor], sums: List[Tensor]) -> List[Tensor]:
  given = annotate(Optional[List[Optional[Tensor]]], None)
  if torch.len(upstream) != 0:
    listed = annotate(List[Optional[Tensor]], [])
    for g in upstream:
      listed = torch.append(listed, g)
    given = listed
  found = torch.grad(outputs, torch.add(inputs, parameters), given, None, False, True)
  before = torch.len(sums) - torch.len(parameters)
  result = annotate(List[Tensor], [])
  for i in range(torch.len(inputs)):
    g0 = found[i]
    if torch.__is__(g0, None):
      g1 = torch.zeros_like(inputs[i])
    else:
      g1 = torch.detach(unchecked_cast(Tensor, g0))
    if torch.__and__(i == C, before == STREAMS):
      g1 = g1 + sums[C]
    result = torch.append(result, g1)
  for j in range(torch.len(parameters)):
    g2 = found[torch.len(inputs) + j]
    if torch.__is__(g2, None):
      result = torch.append(result, sums[before + j])
    else:
      result = torch.append(result, torch.add(sums[before + j], torch.detach(unchecked_cast(Tensor, g2))))
  return result

# The parameters' gradients alone, with those through the conditioning c and the context e where these depend on parameters.
def outside(self, c: Tensor, e: Tensor, gradients: List[Tensor], parameters: List[Tensor]) -> List[Tensor]:
  outputs = annotate(List[Tensor], [])
  given = annotate(List[Optional[Tensor]], [])
  if ops.prim.requires_grad(c):
    outputs = torch.append(outputs, c)
    given = torch.append(given, gradients[C])
  if ops.prim.requires_grad(e):
    outputs = torch.append(outputs, e)
    given = torch.append(given, gradients[E])
  result = torch.slice(gradients, STREAMS)
  if torch.len(outputs) != 0:
    sums = torch.slice(gradients, STREAMS)
    found = torch.grad(outputs, parameters, annotate(Optional[List[Optional[Tensor]]], given), None, False, True)
    result = annotate(List[Tensor], [])
    for j in range(torch.len(parameters)):
      g = found[j]
      if torch.__is__(g, None):
        result = torch.append(result, sums[j])
      else:
        result = torch.append(result, torch.add(sums[j], torch.detach(unchecked_cast(Tensor, g))))
  return result
