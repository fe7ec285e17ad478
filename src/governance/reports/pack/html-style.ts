/** Light and for paper: an assessor prints it. */
export const style = `
:root{--ink:#1b2224;--quiet:#566267;--line:#d8d4ca;--accent:#9a5a08}
*{box-sizing:border-box}
body{margin:0;font:14px/1.5 Inter,"Segoe UI",system-ui,sans-serif;color:var(--ink);background:#fff}
main{max-width:60rem;margin:0 auto;padding:1rem 1.5rem 3rem}
.marking{margin:0;padding:.4rem;text-align:center;font-weight:600;letter-spacing:.04em;color:#8a1c15;border-bottom:1px solid var(--line)}
main+.marking{border:0;border-top:1px solid var(--line)}
.author{margin:2rem 0 0;color:var(--quiet)}
h1{font-size:2rem;line-height:1.2;margin:.2rem 0}
.subtitle{font-size:1.1rem;margin:0}
.quiet{color:var(--quiet)}
nav ol{columns:2;padding-left:1.2rem}
a{color:#1f6690}
h2{font-size:1.35rem;margin:2.4rem 0 .6rem;padding-bottom:.25rem;border-bottom:2px solid var(--accent)}
h3{font-size:1.02rem;margin:1.5rem 0 .5rem}
dl{display:grid;grid-template-columns:11rem 1fr;gap:.15rem 1rem;margin:.4rem 0}
dt{color:var(--quiet)}
dd{margin:0;overflow-wrap:anywhere}
table{width:100%;border-collapse:collapse;table-layout:fixed;font-size:13px;margin:.4rem 0}
th{text-align:left;border-bottom:1.5px solid var(--ink);padding:.3rem .5rem .3rem 0;vertical-align:bottom}
td{border-bottom:1px solid var(--line);padding:.35rem .5rem .35rem 0;vertical-align:top;overflow-wrap:anywhere}
td.data,code{font:11px/1.45 "JetBrains Mono",ui-monospace,monospace;color:var(--quiet);overflow-wrap:anywhere}
.bar{display:flex;gap:2px;height:16px;margin:.5rem 0}
.counts,.levels,.evidence{list-style:none;padding:0}
.counts{display:flex;flex-wrap:wrap;gap:.3rem 1.4rem}
.chip{color:var(--ink);font-weight:600;white-space:nowrap}
.levels{display:grid;grid-template-columns:repeat(auto-fit,minmax(6.6rem,1fr));gap:.5rem}
.levels li{border:1px solid var(--line);border-top-width:4px;padding:.5rem;display:flex;flex-direction:column;gap:.1rem;font-size:12px}
.levels .met{border-top-color:#25704a}
.levels .unmet{border-top-color:#b3261e}
.level{font-size:1.5rem;font-weight:600;line-height:1.1}
article{border-top:1px solid var(--line);padding:.5rem 0 .6rem;break-inside:avoid}
article h4{margin:0;display:flex;gap:1rem;justify-content:space-between;font-size:14px}
article p{margin:.25rem 0}
article dl{grid-template-columns:7rem 1fr;font-size:13px}
.evidence{margin:.3rem 0 0;padding-left:.7rem;border-left:2px solid var(--line);font-size:12.5px}
@page{size:A4;margin:16mm 14mm}
@media print{body{font-size:10pt}main{max-width:none;padding:0}h2.page{break-before:page}h2,h3{break-after:avoid}thead{display:table-header-group}tr{break-inside:avoid}a{color:inherit;text-decoration:none}}
`;
