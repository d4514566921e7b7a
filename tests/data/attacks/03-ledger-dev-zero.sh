#!/bin/bash
# V=verify4k to test
V=${V:-$(command -v verify4k)}; PY=$(dirname $V)/python; W=$(mktemp -d); cd $W; trap "rm -rf $W" EXIT
$PY -c "from PIL import Image; import random; i=Image.effect_noise((64,36),90).convert(\"RGB\"); i.save(\"a.png\"); i.save(\"a.jpg\"); Image.effect_noise((1920,1080),40).convert(\"RGB\").save(\"hero-4k.jpg\")"
printf 'version: 1\nfiles:\n  a.png: 64x36\n' > verify4k.yaml; ln -s /dev/zero verify4k.ledger.jsonl
(ulimit -v 3000000; $V check); echo "exit $?"   # without the limit it takes all memory
rm verify4k.ledger.jsonl; mkfifo verify4k.ledger.jsonl; timeout 8 $V check; echo "FIFO: exit $? (124: hung)"
