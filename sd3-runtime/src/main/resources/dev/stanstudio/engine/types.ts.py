# Names for all program texts.

# Number types, by libtorch's codes (c10/core/ScalarType.h).
UINT8 = 0
INT8 = 1
INT32 = 3
INT64 = 4
FP16 = 5
FP32 = 6
FP64 = 7
BF16 = 15
FP8_E4M3 = 24

# The tensors of a layer or block, in the order that the method which takes them says.
Weights = List[Tensor]
