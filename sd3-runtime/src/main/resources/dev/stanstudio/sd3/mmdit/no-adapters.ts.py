# The network as it is. What adapters do to it stands in another text, which takes this one's place: the same two methods.

# A projection with its adapters: none. An adapter is (numbers, scales, and three lists of tensors), whatever they mean to that text.
def adapted(self, x: Tensor, w: Tensor, b: Tensor, adapters: List[Tuple[List[int], List[float], List[Tensor], List[Tensor], List[Tensor]]]) -> Tensor:
  return self.project(x, w, b)

# an empty list for each projection
def nowhere(self, projections: int) -> List[List[Tuple[List[int], List[float], List[Tensor], List[Tensor], List[Tensor]]]]:
  block = annotate(List[List[Tuple[List[int], List[float], List[Tensor], List[Tensor], List[Tensor]]]], [])
  for p in range(projections):
    block = torch.append(block, annotate(List[Tuple[List[int], List[float], List[Tensor], List[Tensor], List[Tensor]]], []))
  return block
