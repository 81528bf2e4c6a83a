# The types of adapters in the network's program. The text that defines `adapted` defines their numbers and tensors (project.ts.py).

# An adapter's entry for one module of a linear layer (q, k and v are three modules of one layer): whole numbers and a scale.
Part = Tuple[List[int], float]
# One adapter on one linear layer: whole numbers for all of its parts, the parts, and three lists of tensors.
Adapter = Tuple[List[int], List[Part], List[Tensor], List[Tensor], List[Tensor]]
# The adapters on one linear layer, in the order in which they are added.
Adapters = List[Adapter]
# The adapters on each linear layer of a block, or of what lies outside of blocks.
BlockAdapters = List[Adapters]

# An empty list for each linear layer.
def no_adapters(self, layers: int) -> BlockAdapters:
  block = annotate(BlockAdapters, [])
  for i in range(layers):
    block = torch.append(block, annotate(Adapters, []))
  return block
