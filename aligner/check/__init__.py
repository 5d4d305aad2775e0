"""What each tool will make of a TMX, and a corrected copy of it.

stream     bytes of any encoding → pieces of text, one a translation unit, in constant memory
repair     what makes a piece ill-formed XML, mended
plain      units in their commonest shape, read without a parser
grammar    the rules of TMX 1.4
rules      every finding's severity, tools and advice
repeats    units that repeat an earlier one
scan       one pass over a file: findings, languages
fix        a second pass: the corrected copy
summary    both as text and as plain data
"""

from aligner.check.fix import FixReport, LeftOut, fix_tmx
from aligner.check.rules import Check, Finding
from aligner.check.scan import check_tmx
from aligner.check.summary import as_dict, as_text, fix_as_dict, fix_as_text

__all__ = [
    "Check", "Finding", "FixReport", "LeftOut", "as_dict", "as_text", "check_tmx", "fix_as_dict",
    "fix_as_text", "fix_tmx",
]  # fmt: skip
