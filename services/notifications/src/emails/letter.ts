import type { RenderedEmail } from '@liventix/domain/emails';
import { escapeHtml, inert } from '@liventix/shared/html';
import type { Voice } from '@liventix/shared/voice';

/** A part of a mail. All of it is plain text, whoever wrote it: only this file writes HTML. */
export type Block =
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'facts'; readonly rows: readonly Fact[] }
  | { readonly kind: 'link'; readonly label: string; readonly url: string }
  | {
      readonly kind: 'tickets';
      readonly codes: readonly Code[];
      readonly named: readonly string[];
    };

export type Fact = readonly [label: string, value: string];

/** A ticket's code, as an image that the mail brings along. */
export interface Code {
  readonly contentId: string;
  readonly alt: string;
  readonly caption: string;
}

/** What a mail says, once for its HTML and its text. */
export interface Letter {
  readonly voice: Voice;
  readonly subject: string;
  readonly heading: string;
  readonly blocks: readonly Block[];
  readonly attachments?: RenderedEmail['attachments'];
}

const subjectMax = 200;

/** The frame that all mails share. */
export function renderLetter(letter: Letter): RenderedEmail {
  const heading = inert(letter.heading);
  return {
    subject: inert(letter.subject).slice(0, subjectMax),
    html: `<!doctype html>
<html lang="${escapeHtml(letter.voice.locale)}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(heading)}</title></head>
<body style="font:16px/1.5 system-ui,sans-serif;color:#111;background:#fff;margin:0;padding:24px">
<main style="max-width:32rem;margin:0 auto">
<h1 style="margin:0 0 16px;font-size:24px;line-height:1.25">${escapeHtml(heading)}</h1>
${letter.blocks.map(htmlOf).join('\n')}
</main>
</body></html>`,
    text: [heading, ...letter.blocks.map(textOf)].filter((part) => part !== '').join('\n\n'),
    attachments: letter.attachments ?? [],
  };
}

function safe(text: string): string {
  return escapeHtml(inert(text));
}

function htmlOf(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return `<p>${safe(block.text)}</p>`;
    case 'facts':
      return `<table style="border-collapse:collapse;margin:16px 0">
${block.rows.map(htmlRow).join('\n')}
</table>`;
    case 'link':
      return `<p><a href="${escapeHtml(block.url)}">${safe(block.label)}</a></p>`;
    case 'tickets':
      return [...block.codes.map(htmlCode), ...htmlNames(block)].join('\n');
    default:
      return block satisfies never;
  }
}

function htmlRow([label, value]: Fact): string {
  return `<tr><th scope="row" style="text-align:left;vertical-align:top;font-weight:normal;color:#555;padding:2px 16px 2px 0">${safe(label)}</th><td style="vertical-align:top;padding:2px 0">${safe(value)}</td></tr>`;
}

function htmlCode({ contentId, alt, caption }: Code): string {
  return `<div style="text-align:center;border:1px solid #ccc;border-radius:12px;padding:16px;margin:16px 0">
<img src="cid:${escapeHtml(contentId)}" width="220" height="220" alt="${safe(alt)}">
<p style="margin:8px 0 0">${safe(caption)}</p>
</div>`;
}

/** Tickets beyond those with an image. */
function htmlNames({ codes, named }: Extract<Block, { kind: 'tickets' }>): string[] {
  const rest = named.slice(codes.length);
  return rest.length === 0
    ? []
    : [`<ul>\n${rest.map((name) => `<li>${safe(name)}</li>`).join('\n')}\n</ul>`];
}

function textOf(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return inert(block.text);
    case 'facts':
      return block.rows.map(([label, value]) => `${inert(label)}: ${inert(value)}`).join('\n');
    case 'link':
      return `${inert(block.label)}: ${block.url}`;
    case 'tickets':
      return block.named.map((name) => `- ${inert(name)}`).join('\n');
    default:
      return block satisfies never;
  }
}
