import { escapeHtml } from '@liventix/shared/html';
import type { Mail } from './mails.ts';

/** Every mail that was accepted, newest first. */
export function renderInbox(mails: readonly Mail[]): string {
  const rows = mails
    .toReversed()
    .slice(0, 200)
    .map(
      (mail) =>
        `<tr><td><a href="/inbox/${mail.id}">${escapeHtml(mail.body.subject)}</a></td><td>${escapeHtml(mail.body.to.join(', '))}</td><td>${escapeHtml(mail.lastEvent)}</td><td>${escapeHtml(mail.createdAt)}</td></tr>`,
    );
  const table =
    rows.length === 0
      ? '<p>No mail yet.</p>'
      : `<table><tr><th>Subject</th><th>To</th><th>State</th><th>Sent</th></tr>${rows.join('')}</table>`;
  return layout('Inbox (simulated)', table);
}

/** One mail. Its HTML stands in a frame without scripts or an origin of its own. */
export function renderMail(mail: Mail): string {
  const html = (mail.body.attachments ?? []).reduce(
    (text, { content_id: id, content, content_type: type }) =>
      id === undefined
        ? text
        : text.replaceAll(
            `cid:${id}`,
            `data:${type ?? 'application/octet-stream'};base64,${content}`,
          ),
    mail.body.html ?? '',
  );
  return layout(
    mail.body.subject,
    `<p>From ${escapeHtml(mail.body.from)} to ${escapeHtml(mail.body.to.join(', '))} · ${escapeHtml(mail.lastEvent)}</p>
<iframe sandbox srcdoc="${escapeHtml(html)}" title="The mail"></iframe>
${renderFiles(mail)}
<h2>As text</h2>
<pre>${escapeHtml(mail.body.text ?? '')}</pre>
<p><a href="/">Back to the inbox</a></p>`,
  );
}

/** What is attached, other than the pictures that the HTML shows. */
function renderFiles(mail: Mail): string {
  const links = (mail.body.attachments ?? []).flatMap(({ filename, content_id: id }, at) =>
    id === undefined
      ? [`<li><a href="/inbox/${mail.id}/files/${at}">${escapeHtml(filename)}</a></li>`]
      : [],
  );
  return links.length === 0 ? '' : `<h2>Attached</h2><ul>${links.join('')}</ul>`;
}

function layout(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 1.5rem auto; max-width: 60rem; padding: 0 1rem; }
table { width: 100%; border-collapse: collapse; }
td, th { text-align: left; padding: .35rem .5rem; border-bottom: 1px solid #8884; }
iframe { width: 100%; height: 40rem; border: 1px solid #8886; border-radius: .5rem; background: #fff; }
pre { white-space: pre-wrap; }
</style></head><body><h1>${escapeHtml(title)}</h1>${body}</body></html>`;
}
