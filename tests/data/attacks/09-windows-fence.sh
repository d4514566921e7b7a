#!/bin/bash
# V=verify4k to test
V=${V:-$(command -v verify4k)}; PY=$(dirname $V)/python; W=$(mktemp -d); cd $W; trap "rm -rf $W" EXIT
$PY -c "from PIL import Image; import random; i=Image.effect_noise((64,36),90).convert(\"RGB\"); i.save(\"a.png\"); i.save(\"a.jpg\"); Image.effect_noise((1920,1080),40).convert(\"RGB\").save(\"hero-4k.jpg\")"
$PY - <<'P'
import ntpath
from verify4k.files.targets import Fence, Outside
for k in ("..\\secret.png","sub\\..\\..\\secret.png","C:\\secret.png","C:secret.png"):
    try: p=Fence("C:\\repo", ntpath).path(k); print(repr(k),"is let through to",ntpath.normpath(p))
    except Outside as e: print(repr(k), e)
P
