#!/bin/bash
# V=verify4k to test
V=${V:-$(command -v verify4k)}; PY=$(dirname $V)/python; W=$(mktemp -d); cd $W; trap "rm -rf $W" EXIT
$PY -c "from PIL import Image; import random; i=Image.effect_noise((64,36),90).convert(\"RGB\"); i.save(\"a.png\"); i.save(\"a.jpg\"); Image.effect_noise((1920,1080),40).convert(\"RGB\").save(\"hero-4k.jpg\")"
$PY -c "from PIL import Image; i=Image.open('a.jpg'); i.save('clean.jpg'); e=Image.Exif(); e[0x8298]='(c) x'; i.save('dirty.jpg',exif=e)"; cp clean.jpg a.jpg
printf 'version: 1\nfiles:\n  a.jpg: {size: 64x36, metadata: {forbid: [Copyright]}}\n' > verify4k.yaml; D=$(sha256sum dirty.jpg | cut -c1-64)
$PY -c "
import os,time
for i in range(1500):
    os.link('clean.jpg' if i%2 else 'dirty.jpg','x'); os.replace('x','a.jpg'); time.sleep(.02)" & P=$!
for i in $(seq 6); do $V check -q --report in-toto=s.json >/dev/null; grep -q '"PASSED"' s.json && grep -q $D s.json && echo "run $i: PASSED, bound to the file with the forbidden tag"; done; kill $P
