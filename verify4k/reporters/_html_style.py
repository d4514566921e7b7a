"""The page's style sheet: light and dark, one column on phones, calm for thousands of rows."""

STYLE = """
:root{color-scheme:light dark;--bg:#fff;--fg:#1b2026;--soft:#4b5560;--line:#d5dae0;--card:#f5f7f9;
  --link:#0b57b0;--passed:#1a6e33;--failed:#b3202c;--undecided:#6b3fa0;--warning:#7a5200;
  --note:#0b57b0}
@media (prefers-color-scheme:dark){
  :root{--bg:#12161b;--fg:#e4e8ec;--soft:#a6b0bb;--line:#343c46;--card:#1b2128;--link:#7ab8ff;
    --passed:#5fd381;--failed:#ff8a8f;--undecided:#c9a4ff;--warning:#f0bf55;--note:#7ab8ff}
}
*{box-sizing:border-box}
body{margin:0 auto;max-width:76rem;padding:1rem 1.25rem 4rem;background:var(--bg);color:var(--fg);
  font:15px/1.45 system-ui,sans-serif;overflow-wrap:anywhere}
code,kbd{font:.92em ui-monospace,monospace}
a{color:var(--link)}
h1{margin:.2rem 0;font-size:1.6rem;border-left:.5rem solid;padding-left:.7rem}
h1.passed{border-color:var(--passed)}
h1.failed{border-color:var(--failed)}
h1.undecided{border-color:var(--undecided)}
h2{font-size:1.2rem;margin:2rem 0 .5rem}
.told h2{font-size:1rem;margin:0 0 .4rem;font-weight:600}
.about{margin:.2rem 0 .6rem;color:var(--soft)}
.notes{margin:.4rem 0;padding:.5rem .5rem .5rem 1.8rem;background:var(--card);border-radius:.4rem}
.bar{position:sticky;top:0;z-index:2;display:flex;flex-wrap:wrap;gap:.5rem .8rem;align-items:center;
  padding:.6rem 0;background:var(--bg);border-bottom:1px solid var(--line)}
.verdicts{display:flex;flex-wrap:wrap;gap:.3rem}
button,select,input{font:inherit;color:inherit;background:var(--card);border:1px solid var(--soft);
  border-radius:.4rem;padding:.25rem .6rem;min-height:2rem}
button{cursor:pointer}
button[aria-pressed=true]{background:var(--fg);color:var(--bg);border-color:var(--fg)}
input{width:14rem;max-width:60vw}
select{max-width:14rem}
output{margin-left:auto;color:var(--soft)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
ol{list-style:none;margin:0;padding:0;content-visibility:auto;contain-intrinsic-size:auto 9600px}
.asset{border-bottom:1px solid var(--line)}
.asset summary{display:grid;grid-template-columns:7rem minmax(0,1fr) 7.5rem;gap:.1rem .9rem;
  padding:.6rem .3rem;cursor:pointer;list-style:none;min-height:5.6rem;align-content:start}
summary,.rule{scroll-margin-top:6.5rem}
.asset summary::-webkit-details-marker{display:none}
.asset summary:hover{background:var(--card)}
.thumb{grid-row:1/span 5;width:7rem;height:4.4rem;display:flex;align-items:center;
  justify-content:center}
.thumb img{max-width:100%;max-height:100%}
img{background:repeating-conic-gradient(#bbb 0 25%,#fff 0 50%) 0 0/12px 12px}
.blank{color:var(--soft);font-size:.8rem;border:1px dashed var(--soft);border-radius:.3rem;
  padding:.6rem .5rem}
.name{font-weight:600;unicode-bidi:isolate}
.name::before{content:"\\25b8";display:inline-block;width:1.1em;color:var(--soft)}
details[open]>summary .name::before{content:"\\25be"}
.verdict{grid-column:3;grid-row:1;font-weight:600;text-align:right}
.facts{white-space:pre-line;color:var(--soft)}
.asset.passed .verdict{color:var(--passed)}
.asset.failed .verdict{color:var(--failed)}
.asset.undecided .verdict{color:var(--undecided)}
.passed .verdict::before{content:"\\2713\\00a0";content:"\\2713\\00a0" / ""}
.failed .verdict::before{content:"\\2717\\00a0";content:"\\2717\\00a0" / ""}
.undecided .verdict::before{content:"?\\00a0";content:"?\\00a0" / ""}
.pair,.short{grid-column:2/4;color:var(--soft)}
.pair b{display:inline-block;width:5.2rem;font-weight:400}
.short span{display:block;color:var(--fg)}
.more{padding:0 0 1rem 8.2rem}
.told{border-left:.25rem solid var(--line);padding:.4rem 0 .4rem .9rem;margin:.5rem 0}
.told.error{border-color:var(--failed)}
.told.warning{border-color:var(--warning)}
.told.note{border-color:var(--note)}
.told.undecided{border-color:var(--undecided)}
.told .word{font-weight:700}
.told.error .word{color:var(--failed)}
.told.warning .word{color:var(--warning)}
.told.note .word{color:var(--note)}
.told.undecided .word{color:var(--undecided)}
.told.ignored .word{color:var(--soft)}
.chain{display:flex;flex-wrap:wrap;gap:.5rem 1.6rem;margin:.6rem 0;content-visibility:visible}
.chain li{position:relative;width:11rem;padding:.4rem;border:1px solid var(--line);border-radius:.4rem}
.chain li+li::before{content:"\\2192";position:absolute;left:-1.4rem;top:40%;color:var(--soft)}
.chain .lost{border:2px solid var(--failed)}
.chain .lost b{color:var(--failed)}
.chain .ok b{color:var(--passed)}
dl{display:grid;grid-template-columns:6rem minmax(0,1fr);gap:.1rem .8rem;margin:0}
dt{color:var(--soft)}
dd{margin:0}
dl.evidence{margin-top:.5rem;font:.9em/1.4 ui-monospace,monospace;
  grid-template-columns:minmax(6rem,max-content) 1fr}
figure{margin:.7rem 0 0}
figcaption{color:var(--soft);font-size:.9em;max-width:40rem}
figure>svg{width:320px;max-width:100%;height:120px;display:block}
.stage{position:relative;display:inline-block;min-width:16rem;min-height:4rem}
.stage img{display:block;width:16rem}
.stage svg{position:absolute;inset:0;width:100%;height:100%}
.votes{margin:.5rem 0 0;padding-left:1.2rem}
.sides{display:flex;flex-wrap:wrap;gap:.4rem .8rem}
.sides figure{margin:0;flex:0 1 auto;min-width:0}
.sides img{display:block;max-width:100%;height:auto;image-rendering:pixelated}
.sides>figcaption{flex-basis:100%}
svg .wanted{fill:none;stroke:var(--fg);stroke-width:2;stroke-dasharray:5 3;
  vector-effect:non-scaling-stroke}
svg .seen{fill:var(--failed);fill-opacity:.45}
svg .mark{fill:var(--failed);fill-opacity:.25;stroke:var(--failed);stroke-width:2;
  vector-effect:non-scaling-stroke}
svg .cell{fill:#e0218a}
svg .curve.y{stroke-dasharray:4 3}
svg .curve{fill:none;stroke:var(--link);stroke-width:1.5;vector-effect:non-scaling-stroke}
.rule{border-bottom:1px solid var(--line);padding:.4rem 0}
.rule summary{cursor:pointer}
.page{padding:0 1rem .5rem;max-width:52rem}
.page h3{font-size:1rem;margin:1rem 0 .3rem}
.page ul{margin:.3rem 0;padding-left:1.3rem}
.page p{margin:.6rem 0}
dialog{color:var(--fg);background:var(--bg);border:1px solid var(--soft);border-radius:.6rem;
  max-width:28rem}
[hidden]{display:none!important}
@media (max-width:44rem){
  .bar{position:static}
  .asset summary{grid-template-columns:4.5rem minmax(0,1fr)}
  .thumb{width:4.5rem;height:3.4rem}
  .verdict{grid-column:2;grid-row:auto;text-align:left}
  .pair,.short{grid-column:2}
  .more{padding-left:.5rem}
  output{margin-left:0}
}
@media print{
  ol{content-visibility:visible}
  .bar,dialog{display:none}
  .asset{break-inside:avoid}
}
""".strip()
