"""stub replaced below"""
from enum import IntEnum
import numpy as np
class NameLevel(IntEnum):
    MISSING=0
    UNKNOWN_CHARACTER=6
def level_names(names,left,right): return np.zeros(len(left),np.int8)
