"""record_words.py <file> [<word>...]: writes the words and $VALUE there, as JSON."""

import json
import os
import sys

with open(sys.argv[1], "w", encoding="utf-8") as record:
    json.dump({"words": sys.argv[2:], "value": os.environ["VALUE"]}, record)
