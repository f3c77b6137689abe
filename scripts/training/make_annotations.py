"""Make a file of annotations without texts from annotated abstracts with their texts.

python -m scripts.training.make_annotations ABSTRACTS.jsonl ANNOTATIONS.jsonl
"""

import json
import sys
from typing import Any

from scripts.training.corpus import stand_off


def main() -> None:
    """Write the file, one paper a line, in the order in which they stand."""
    kept: dict[str, dict[str, Any]] = {}
    with open(sys.argv[1], encoding="utf-8") as lines:
        for line in lines:
            record = stand_off(json.loads(line))
            if kept.setdefault(record["id"], record) is not record:
                print(f"{record['id']} stands there twice: the first is kept", file=sys.stderr)
    with open(sys.argv[2], "w", encoding="utf-8") as out:
        out.writelines(json.dumps(record, separators=(",", ":")) + "\n" for record in kept.values())


if __name__ == "__main__":
    main()
