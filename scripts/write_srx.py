"""Write our rules for the ends of sentences, of all languages, as one SRX file: `python scripts/write_srx.py OUT.srx`.

OmegaT, Trados and other programs that read SRX 2.0 then cut as `align` does, but for what SRX can't say: a full stop in
a full-width text (`aligner.split.full_width`).
"""

import argparse
from pathlib import Path

from aligner.language.facts import shipped
from aligner.split.srx import own_srx

if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("output", type=Path)
    parser.parse_args().output.write_bytes(own_srx(shipped()))
