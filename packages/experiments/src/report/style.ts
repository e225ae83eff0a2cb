/** What figures about agents need besides. */
export const figureStyle: string = `
.line.rnn { stroke-dasharray: 2 3; }
.read.rnn { stroke-dasharray: 2 2; }
.band { fill: var(--ink-3); opacity: .16; stroke: none; }
.band.fast-weights { fill: var(--accent); opacity: .2; }
.level { stroke: var(--ink-3); stroke-width: 1; stroke-dasharray: 1 4; fill: none; }
.figures.pair { grid-template-columns: repeat(auto-fill, 536px); }
@media (max-width: 860px) { .figures.pair { grid-template-columns: 1fr; } }
`;

/** Paper, ink and one accent; the tokens are those of the project's page. */
export const reportStyle: string = `
:root {
  color-scheme: light dark;
  --paper: #fbfaf7; --surface: #fff; --sunken: #f4f2ec; --line: #e5e1d8;
  --ink: #1a1e26; --ink-2: #474e5b; --ink-3: #646b78; --accent: #00706a; --wash: #e4f1ef; --warn: #b64c05;
  --serif: "Iowan Old Style", Charter, Palatino, "Noto Serif", Georgia, serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #11141a; --surface: #171b22; --sunken: #1f242d; --line: #2a303a;
    --ink: #eceae4; --ink-2: #bcc0c8; --ink-3: #949ba7; --accent: #5cc9bf; --wash: #17302f; --warn: #f09a58;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--paper); color: var(--ink-2);
  font: 16px/26px -apple-system, "Segoe UI", Inter, Roboto, "Noto Sans", sans-serif;
  font-variant-numeric: tabular-nums; -webkit-text-size-adjust: 100%;
}
main { max-width: 1176px; margin: 0 auto; padding: 56px 32px 88px; }
h1, h2 { font-family: var(--serif); font-weight: 500; color: var(--ink); margin: 0; text-wrap: balance; }
h1 { font-size: 40px; line-height: 48px; }
h2 { font-size: 28px; line-height: 36px; }
h3 { font-size: 14px; line-height: 20px; font-weight: 600; color: var(--ink); margin: 0 0 12px; }
p { margin: 12px 0 0; max-width: 38em; }
header p { font-size: 20px; line-height: 32px; }
section { margin-top: 64px; padding-top: 32px; border-top: 1px solid var(--line); }
.note { font-size: 14px; line-height: 20px; color: var(--ink-3); max-width: 60em; }
.scroll { overflow-x: auto; margin-top: 24px; }
.scroll:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; }
table { border-collapse: collapse; }
caption { text-align: left; padding: 0 0 12px; font-size: 14px; line-height: 20px; color: var(--ink-3); }
th, td { text-align: right; font-weight: 400; white-space: nowrap; border-top: 1px solid var(--line); vertical-align: baseline; }
th[scope=row], thead th:first-child { text-align: left; }
thead th { font-size: 14px; line-height: 20px; color: var(--ink-3); border-top: 0; }
.result th:first-child { min-width: 9em; }
.result td { min-width: 9.5em; }
.result th, .result td { padding: 10px 0 10px 20px; }
.result th:first-child { padding-left: 0; color: var(--ink); white-space: normal; }
.result b { display: block; font-size: 20px; line-height: 28px; font-weight: 400; color: var(--ink); }
.result .best b { color: var(--accent); font-weight: 600; }
.result small { display: block; font-size: 12px; line-height: 18px; color: var(--ink-3); }
.seeds { width: 100%; font-size: 14px; line-height: 20px; }
.seeds th, .seeds td { padding: 7px 0 7px 24px; }
.seeds th:first-child { padding-left: 0; }
.seeds td.each, .seeds th.each { text-align: left; white-space: normal; min-width: 12em; }
.seeds .same th, .seeds .same td { border-top-color: transparent; padding-top: 0; }
.seeds u { text-decoration-color: var(--accent); text-decoration-thickness: 2px; text-underline-offset: 3px; }
.failed { color: var(--warn); }
.figures { display: grid; grid-template-columns: repeat(auto-fill, 344px); gap: 40px; margin-top: 40px; }
.figures.single { grid-template-columns: 1fr; }
figure { margin: 0; }
svg { display: block; overflow: visible; max-width: none; }
.narrow { display: none; }
svg text { font-size: 12px; fill: var(--ink-3); }
svg text.name { fill: var(--ink-2); }
svg text.name.fast-weights { fill: var(--accent); font-weight: 600; }
.grid { stroke: var(--line); stroke-width: 1; }
.leader { stroke: var(--line); fill: none; }
.line { fill: none; stroke: var(--ink-2); stroke-width: 1.8; stroke-linejoin: round; }
.line.other { stroke-width: 1; opacity: .45; }
.line.fast-weights { stroke: var(--accent); }
.line.chosen.fast-weights { stroke-width: 2.8; }
.line.lstm { stroke-dasharray: 8 4; }
.line.a-lstm { stroke-dasharray: 2 4; }
.line.irnn { stroke-dasharray: 12 4 2 4; }
.line.ln-rnn { stroke-dasharray: 5 3; }
.line.patch-net { stroke-dasharray: 1 3; }
.read { fill: var(--paper); stroke: var(--ink-3); stroke-width: 1.5; }
.read.fast-weights { stroke: var(--accent); }
dl { display: grid; grid-template-columns: 8em 1fr; gap: 8px 24px; margin: 24px 0 0; font-size: 14px; line-height: 20px; }
dt { color: var(--ink-3); }
dd { margin: 0; color: var(--ink); overflow-wrap: anywhere; }
code, pre { font: 13px/20px var(--mono); }
details { margin-top: 16px; }
summary { cursor: pointer; font-size: 14px; line-height: 36px; color: var(--ink); width: fit-content; }
pre { margin: 0; padding: 16px; background: var(--sunken); border-radius: 6px; overflow-x: auto; color: var(--ink); }
@media (max-width: 860px) { .wide { display: none; } .narrow { display: block; } }
@media (max-width: 560px) {
  main { padding: 32px 16px 64px; }
  h1 { font-size: 32px; line-height: 40px; }
  h2 { font-size: 24px; line-height: 32px; }
  header p { font-size: 18px; line-height: 28px; }
  section { margin-top: 48px; }
  .result { width: 100%; }
  .result th, .result td { padding-left: 10px; }
  .result th:first-child, .result td { min-width: 0; }
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: 12px; }
}
@media print { .scroll { overflow: visible; } details { display: none; } }
`;
