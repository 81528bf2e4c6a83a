# The state of STAN's features for revival, life [3, l]: a row for each of these numbers of a feature.

# Updates until the feature is dead.
UPDATES_LEFT = 0
# 1 if it was active for a token in this update, else 0.
WAS_ACTIVE = 1
# Its factor while it is dead; that of active features is 1.
WEIGHT = 2
