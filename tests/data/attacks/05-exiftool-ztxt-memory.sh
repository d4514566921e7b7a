#!/bin/bash
# V=verify4k to test
V=${V:-$(command -v verify4k)}; PY=$(dirname $V)/python; W=$(mktemp -d); cd $W; trap "rm -rf $W" EXIT
$PY -c "from PIL import Image; import random; i=Image.effect_noise((64,36),90).convert(\"RGB\"); i.save(\"a.png\"); i.save(\"a.jpg\"); Image.effect_noise((1920,1080),40).convert(\"RGB\").save(\"hero-4k.jpg\")"
$PY - <<'P'
import zlib,struct
def ch(t,b): return struct.pack('>I',len(b))+t+b+struct.pack('>I',zlib.crc32(t+b))
s=open('a.png','rb').read(); c=zlib.compressobj(9); z=b''.join([c.compress(bytes(1<<20)) for _ in range(1500)]+[c.flush()])
open('b.png','wb').write(s[:33]+ch(b'zTXt',b'Comment\0\0'+z)+s[33:])
P
printf 'version: 1\nfiles:\n  b.png: {size: 64x36, metadata: {forbid: ["GPS*"]}}\n' > verify4k.yaml; ls -l b.png; $V check
