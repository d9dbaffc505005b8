/** How our plain pages look: readable on a phone, in the dark and on paper. */
export const pageStyle = `
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; padding: 1.5rem; }
main { max-width: 34rem; margin: 0 auto; }
h1 { margin-bottom: 0; }
.facts { opacity: .8; }
.ticket { border: 1px solid #8886; border-radius: .75rem; padding: 1rem; margin: 1rem 0; text-align: center; break-inside: avoid; }
.ticket img { background: #fff; padding: .5rem; border-radius: .5rem; max-width: 100%; height: auto; }
table { width: 100%; border-collapse: collapse; }
td, th { text-align: left; padding: .35rem 0; border-top: 1px solid #8884; }
td:last-child, th:last-child { text-align: right; }
label { display: block; margin: .5rem 0; }
input { font: inherit; padding: .4rem; width: 100%; box-sizing: border-box; }
button { font: inherit; padding: .5rem 1rem; }
code { overflow-wrap: anywhere; }
`;
