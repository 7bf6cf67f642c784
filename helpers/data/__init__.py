"""Which photographs exist, fetching, checking, decoding and splitting them. No framework here."""

from helpers.data.decoding import UnreadablePhotograph, decode, decode_many, read
from helpers.data.doctor import check
from helpers.data.photographs import PhotographSet, Split
from helpers.data.sets import load, read_folder

__all__ = [
    "PhotographSet",
    "Split",
    "UnreadablePhotograph",
    "check",
    "decode",
    "decode_many",
    "load",
    "read",
    "read_folder",
]
