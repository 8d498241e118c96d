"""For each line, a text in hexadecimal UTF-8: its pickles in a tuple, by protocols 0 to the last one.

With --load each line is a pickle, and what is printed is the text that is in it."""
import pickle
import sys

for line in sys.stdin:
    given = bytes.fromhex(line)
    if "--load" in sys.argv:
        (text,) = pickle.loads(given)
        print(text.encode().hex(), flush=True)
    else:
        protocols = range(min(pickle.HIGHEST_PROTOCOL, 5) + 1)
        made = [pickle.dumps((given.decode(),), protocol).hex() for protocol in protocols]
        print(*made, flush=True)
