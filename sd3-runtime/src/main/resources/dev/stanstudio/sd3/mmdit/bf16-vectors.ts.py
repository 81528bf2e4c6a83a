# Attention and the layout of weights for processors that multiply bf16 in vectors, or not at all: blocked weights gain nothing, and
# attention is faster and more exact in fp32 than in the fused bf16 kernel.
from dev.stanstudio.engine.types import FP32
from dev.stanstudio.sd3.mmdit.sdpa import sdpa
from dev.stanstudio.sd3.mmdit.unpacked import arrange

# The attention in fp32, [B, T, d] in the type of q.
def attend(self, q: Tensor, k: Tensor, v: Tensor, bias: Optional[Tensor]) -> Tensor:
  wide_bias: Optional[Tensor] = None
  if torch.__isnot__(bias, None):
    wide_bias = torch.to(unchecked_cast(Tensor, bias), FP32)
  a = self.sdpa(torch.to(q, FP32), torch.to(k, FP32), torch.to(v, FP32), wide_bias)
  return torch.to(a, ops.prim.dtype(q))
