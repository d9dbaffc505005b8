import { escapeHtml } from '@liventix/shared/html';
import type { ProblemPage } from '@liventix/shared/http';
import type { FastifyReply } from 'fastify';

/** No script, no foreign host: styles, images and forms of our own only. */
const pagePolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/** A page for the buyer: no script, readable on a phone and on paper. `head` and `body` are HTML. */
export function renderPage(page: {
  readonly locale: string;
  readonly title: string;
  readonly head?: string;
  readonly body: string;
}): string {
  return `<!doctype html>
<html lang="${escapeHtml(page.locale)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
${page.head ?? ''}
<title>${escapeHtml(page.title)}</title>
<style>${style}</style>
</head>
<body>
<main>
${page.body}
</main>
</body>
</html>
`;
}

export async function sendPage(reply: FastifyReply, html: string): Promise<FastifyReply> {
  return await reply
    .type('text/html; charset=utf-8')
    .header('content-security-policy', pagePolicy)
    .send(html);
}

/** What a buyer's browser shows of a problem: a link that is no good, or a database that is away. */
export const problemPage: ProblemPage = ({ title, detail }) => ({
  policy: pagePolicy,
  html: renderPage({
    locale: 'en',
    title,
    body: `<h1>${escapeHtml(title)}</h1>\n<p>${escapeHtml(detail)}</p>`,
  }),
});

/** A moment as the people at the event read it, with the timezone it is meant in. */
export function formatMoment(
  moment: Date | string,
  { locale, timezone }: { readonly locale: string; readonly timezone: string },
): string {
  const format = new Intl.DateTimeFormat(locale, {
    dateStyle: 'full',
    timeStyle: 'short',
    timeZone: timezone,
  });
  return `${format.format(new Date(moment))} (${timezone})`;
}

const style = `
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; padding: 1.5rem; }
main { max-width: 34rem; margin: 0 auto; }
h1 { margin-bottom: 0; }
.facts { opacity: .8; }
.notice { border-left: .25rem solid #888; padding-left: .75rem; }
.ticket { border: 1px solid #8886; border-radius: .75rem; padding: 1rem; margin: 1rem 0; text-align: center; break-inside: avoid; }
.ticket img { background: #fff; padding: .5rem; border-radius: .5rem; max-width: 100%; height: auto; }
table { width: 100%; border-collapse: collapse; }
td, th { text-align: left; padding: .35rem 0; border-top: 1px solid #8884; }
td:last-child, th:last-child { text-align: right; }
form { margin: 1.5rem 0; }
form label { display: block; padding: .35rem 0; }
input:not([type=checkbox]) { font: inherit; padding: .4rem; width: 100%; box-sizing: border-box; }
code { overflow-wrap: anywhere; }
button { font: inherit; padding: .5rem 1rem; margin-top: .5rem; }
@media print { form { display: none; } }
`;
