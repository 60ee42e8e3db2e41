/** The style of the reference: one column on a phone, contents beside it on a wide screen, light or dark as the reader has it. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1d2733; --soft: #5a6876; --line: #dde3e9; --paper: #fff; --wash: #f4f6f8; --link: #1a5a85; --mark: #e7f0f6 }
@media (prefers-color-scheme: dark) {
  :root { --ink: #dde3ea; --soft: #97a3b0; --line: #2c343d; --paper: #14181d; --wash: #1c2229; --link: #7db8de; --mark: #1d2f3c }
}
* { box-sizing: border-box }
html { scroll-padding-top: 4.5rem }
body { margin: 0; font: 16px/1.55 system-ui, sans-serif; color: var(--ink); background: var(--paper); overflow-wrap: break-word }
a { color: var(--link); text-decoration: none }
a:hover, a:focus-visible { text-decoration: underline }
code, pre, .signature { font-family: ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; font-size: .875em }
code { background: var(--wash); padding: .1em .3em; border-radius: .25rem }
pre { background: var(--wash); border: 1px solid var(--line); border-radius: .5rem; padding: .75rem 1rem; overflow-x: auto; line-height: 1.45 }
header { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; align-items: center; padding: .6rem 1rem; background: var(--paper); border-bottom: 1px solid var(--line) }
header .home { font-weight: 650; color: var(--ink); display: flex; gap: .5rem; align-items: center }
header svg { fill: var(--link) }
header form { margin-left: auto; flex: 0 1 18rem; display: flex }
input[type=search] { width: 100%; font: inherit; padding: .3rem .7rem; color: inherit; background: var(--wash); border: 1px solid var(--line); border-radius: .4rem }
.page { max-width: 78rem; margin: 0 auto; padding: 0 1rem 4rem }
nav.contents { padding: 1rem 0; font-size: .9375rem }
nav.contents h2 { font-size: .875rem; color: var(--soft); margin: 1rem 0 .25rem }
nav.contents ul { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: .1rem 1rem }
main { min-width: 0 }
h1 { font-size: 1.75rem; line-height: 1.25; margin: 1.25rem 0 .5rem }
h2 { font-size: 1.25rem; margin: 2.25rem 0 .5rem; padding-bottom: .25rem; border-bottom: 1px solid var(--line) }
h3 { font-size: 1rem; margin: 0 }
.kind { font-size: .75rem; font-weight: 500; color: var(--soft); border: 1px solid var(--line); border-radius: 1rem; padding: .1rem .6rem; vertical-align: middle; white-space: nowrap }
.lead { color: var(--soft) }
.member { padding: .8rem 0; border-top: 1px solid var(--line) }
.member:first-of-type { border-top: 0 }
.member:target { background: var(--mark); margin: 0 -.75rem; padding-left: .75rem; padding-right: .75rem; border-radius: .5rem }
.member p { margin: .3rem 0 }
.signature { font-weight: 400 }
.signature .name { font-weight: 650; color: var(--ink) }
.arguments { margin: .5rem 0 0; padding-left: 1rem; border-left: 2px solid var(--line) }
.arguments dt { margin-top: .4rem }
.arguments dd { margin: 0 0 .2rem; color: var(--soft); font-size: .9375rem }
.arguments dd p { margin: .1rem 0 }
.gone { color: #a4511c } 
.names { columns: 15rem; list-style: none; padding: 0; margin: .5rem 0 }
.names li { break-inside: avoid; padding: .1rem 0 }
.roots { list-style: none; padding: 0; margin: .5rem 0 }
.roots li { padding: .3rem 0 }
.roots span { color: var(--soft) }
details > summary { cursor: pointer; color: var(--link); margin: .4rem 0 }
table { border-collapse: collapse; width: 100%; margin: .75rem 0; font-size: .9375rem }
th, td { text-align: left; vertical-align: top; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line) }
th { font-weight: 600 }
td:first-child { white-space: nowrap }
.verb { font: 600 .75rem ui-monospace, Menlo, Consolas, monospace; display: inline-block; min-width: 3.6em; color: var(--link) }
.try { border: 1px solid var(--line); border-radius: .5rem; padding: .25rem 1rem 1rem; margin: 1rem 0; background: var(--wash) }
.try label { display: block; margin: .8rem 0 .1rem; font-weight: 600; font-size: .9375rem }
.try label span { font-weight: 400; color: var(--soft) }
.try .about { margin: 0 0 .25rem; color: var(--soft); font-size: .875rem }
.try input:not([type=file]), .try select, .try textarea { width: 100%; max-width: 40rem; font: inherit; padding: .3rem .6rem; color: inherit; background: var(--paper); border: 1px solid var(--line); border-radius: .4rem }
.filters { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(17rem, 100%), 1fr)); gap: 0 1.5rem; align-items: end }
.filters > div { min-width: 0 }
.try textarea { font: .875em ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; max-width: none; min-height: 10rem }
.try button { font: inherit; font-weight: 600; margin-top: 1rem; padding: .4rem 1.25rem; color: var(--paper); background: var(--link); border: 0; border-radius: .4rem; cursor: pointer }
.try output { display: block; margin-top: 1rem }
.try output pre { background: var(--paper); max-height: 32rem; overflow: auto }
.schema { list-style: none; padding-left: 1rem; margin: .4rem 0; border-left: 2px solid var(--line) }
.schema li { padding: .15rem 0 }
.schema .kind { white-space: normal }
.schema p { margin: 0; color: var(--soft); font-size: .9375rem }
@media (min-width: 62rem) {
  .page { display: grid; grid-template-columns: 14rem minmax(0, 1fr); gap: 3rem }
  nav.contents { position: sticky; top: 3.5rem; max-height: calc(100vh - 3.5rem); overflow-y: auto; align-self: start }
  nav.contents ul { display: block }
  nav.contents li { padding: .1rem 0 }
}
@media (max-width: 61.99rem) {
  nav.contents .members { display: none }
}
@media (max-width: 40rem) {
  header form { flex-basis: 100%; margin-left: 0 }
  td:first-child { white-space: normal }
}
`;
