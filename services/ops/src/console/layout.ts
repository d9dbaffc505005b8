import { type Action, mayDo, type Role } from '@liventix/domain/access';
import { type Html, html } from '@liventix/shared/html';
import { assetPath } from '#console/assets';
import { boardPath, mendingPath } from '#queues/paths';

/** Who a page is for. */
export interface Reader {
  readonly name: string;
  readonly role: Role;
  /** What the page's own writes are sent with. */
  readonly formToken: string;
}

const sections: readonly { href: string; title: string; action: Action }[] = [
  { href: '/console', title: 'Today', action: 'read' },
  { href: '/console/orders', title: 'Orders', action: 'read' },
  { href: '/console/events', title: 'Events', action: 'events.read' },
  { href: '/console/to-do', title: 'To do', action: 'read' },
  { href: '/console/mails', title: 'Mails', action: 'read' },
  { href: '/console/books', title: 'Books', action: 'read' },
  { href: mendingPath, title: 'Queues', action: 'queues.mend' },
  { href: boardPath, title: 'Queues', action: 'read' },
  { href: '/console/people', title: 'People', action: 'people.write' },
  { href: '/console/privacy', title: 'Privacy', action: 'privacy.handle' },
  { href: '/console/audit', title: 'Audit', action: 'read' },
];

/** The sections that a role may open, the first of which is where they begin. */
export function sectionsFor(role: Role) {
  const open = sections.filter(({ action }) => mayDo({ role, scopes: null }, action));
  return open.filter(({ title }, place) => open.findIndex((one) => one.title === title) === place);
}

/** A page of the console around its body. */
export function renderPage(page: {
  readonly title: string;
  readonly path: string;
  readonly reader: Reader;
  readonly body: Html;
}): string {
  const { title, path, reader, body } = page;
  const links = sectionsFor(reader.role).map(({ href, title: name }) => {
    const isHere = href === '/console' ? path === href : path.startsWith(href);
    return html`<a href="${href}"${isHere && html` aria-current="page"`}>${name}</a>`;
  });
  return renderDocument({
    title,
    formToken: reader.formToken,
    body: html`<a class="skip" href="#main">Skip to the content</a>
<header>
<a class="brand" href="/">Liventix</a>
<nav aria-label="Sections">${links}</nav>
<form role="search" action="/console/orders"><input type="search" name="query" placeholder="Find an order  /" aria-label="Find an order" maxlength="254" accesskey="f"></form>
<details class="me"><summary>${reader.name}</summary><div><p>${reader.role.replace('_', ' ')}</p><a href="/account">Account</a><form method="post" action="/logout"><input type="hidden" name="form_token" value="${reader.formToken}"><button>Log out</button></form></div></details>
</header>
<main id="main" tabindex="-1">
${body}
</main>
<p id="said" role="status" aria-live="polite"></p>`,
  });
}

/** A page outside the login: a small card. */
export function renderCard(page: { readonly title: string; readonly body: Html }): string {
  return renderDocument({
    title: page.title,
    body: html`<main class="card"><p class="brand">Liventix</p>
<h1>${page.title}</h1>
${page.body}
</main>`,
  });
}

function renderDocument(page: {
  readonly title: string;
  readonly formToken?: string;
  readonly body: Html;
}): string {
  const { title, formToken, body } = page;
  return `<!doctype html>
${html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
${formToken !== undefined && html`<meta name="form-token" content="${formToken}">`}
<title>${title} · Liventix</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${assetPath('console.css')}">
${formToken !== undefined && html`<script src="${assetPath('console.js')}" defer></script>`}
</head>
<body>
${body}
</body>
</html>`}
`;
}
