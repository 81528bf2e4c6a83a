# Attention and the layout of weights for processors with a tile unit (AMX) for bf16.
from dev.stanstudio.engine.types import BF16, Weights
from dev.stanstudio.sd3.mmdit.sdpa import sdpa

# [weight, bias, ...] as `project` takes them: bf16 matrices in oneDNN's blocked layout, which it would otherwise make anew for each
# product; fp32 matrices gain nothing from it. A blocked matrix can only be multiplied with.
def arrange(self, w: Weights) -> Weights:
  arranged: Weights = []
  for t in w:
    if torch.__and__(torch.dim(t) == 2, ops.prim.dtype(t) == BF16):
      arranged = torch.append(arranged, ops.mkldnn._reorder_linear_weight(t, None))
    else:
      arranged = torch.append(arranged, t)
  return arranged

def attend(self, q: Tensor, k: Tensor, v: Tensor, bias: Optional[Tensor]) -> Tensor:
  return self.sdpa(q, k, v, bias)
