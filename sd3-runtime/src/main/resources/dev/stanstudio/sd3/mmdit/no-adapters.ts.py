# The network without adapters. A text that defines what adapters add takes the place of this one.
from dev.stanstudio.sd3.mmdit.adapters import Adapters, no_adapters

# W x + b
def adapted(self, x: Tensor, w: Tensor, b: Tensor, adapters: Adapters) -> Tensor:
  return self.project(x, w, b)

# W x
def adapted_times(self, x: Tensor, w: Tensor, adapters: Adapters) -> Tensor:
  return self.times(x, w)
