/** A form as a browser without scripts knows it. */
export interface Form {
  /** Where it is sent. */
  readonly url: string;
  readonly fields: readonly Field[];
}

interface Field {
  readonly name: string;
  readonly value: string;
  readonly type: string;
  readonly isChecked: boolean;
}

/** A page that a browser stands on, after the redirects that led there. */
export interface Page {
  readonly url: string;
  readonly status: number;
  readonly html: string;
  /** What a person reads. */
  readonly text: string;
  readonly policy: string;
  readonly forms: readonly Form[];
}

export async function openPage(url: string): Promise<Page> {
  return await toPage(await fetch(url, { signal: AbortSignal.timeout(60_000) }));
}

/** Sends a form with the boxes that are ticked, by their values, and follows where it leads. */
export async function sendForm(form: Form, ticked: readonly string[] = []): Promise<Page> {
  const sent = form.fields.filter(
    ({ type, value, isChecked }) => type !== 'checkbox' || isChecked || ticked.includes(value),
  );
  const body = new URLSearchParams();
  for (const { name, value } of sent) {
    body.append(name, value);
  }
  const signal = AbortSignal.timeout(60_000);
  return await toPage(await fetch(form.url, { method: 'POST', body, signal }));
}

async function toPage(response: Response): Promise<Page> {
  const html = await response.text();
  return {
    url: response.url,
    status: response.status,
    html,
    text: readable(html.replace(/<style>.*?<\/style>/s, '').replaceAll(/<[^>]*>/g, ' '))
      .replaceAll(/\s+/g, ' ')
      .trim(),
    policy: response.headers.get('content-security-policy') ?? '',
    forms: [...html.matchAll(/<form ([^>]*)>(.*?)<\/form>/gs)].map(([, tag = '', inside = '']) => ({
      url: new URL(attributesOf(tag).get('action') ?? '', response.url).toString(),
      fields: [...inside.matchAll(/<input ([^>]*)>/g)].map(([, input = '']) => toField(input)),
    })),
  };
}

function toField(input: string): Field {
  const attributes = attributesOf(input);
  return {
    name: attributes.get('name') ?? '',
    value: attributes.get('value') ?? '',
    type: attributes.get('type') ?? 'text',
    isChecked: /\schecked$/.test(input),
  };
}

function attributesOf(tag: string): ReadonlyMap<string, string> {
  const found = [...tag.matchAll(/([a-z-]+)="([^"]*)"/g)];
  return new Map(found.map(([, name = '', value = '']) => [name, readable(value)]));
}

function readable(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}
