# Attention and the layout of weights for any device and type.
from dev.stanstudio.sd3.mmdit.sdpa import sdpa
from dev.stanstudio.sd3.mmdit.unpacked import arrange

def attend(self, q: Tensor, k: Tensor, v: Tensor, bias: Optional[Tensor]) -> Tensor:
  return self.sdpa(q, k, v, bias)
