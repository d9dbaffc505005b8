/** What a question to Prometheus says of one label of a metric. */
export interface LabelAsked {
  readonly metric: string;
  readonly label: string;
  /** How its value must be, where the question says so. */
  readonly value?: { readonly text: string; readonly isPattern: boolean };
}

const selector = /([a-z_][a-z0-9_]*)\{([^}]*)\}/g;
const matcher = /(\w+)\s*(=~|=)\s*"((?:[^"\\]|\\.)*)"/g;

/** Every label that stands in braces behind a metric. */
export function labelsAsked(expr: string): LabelAsked[] {
  return [...expr.matchAll(selector)].flatMap(([, metric = '', inside = '']) =>
    [...inside.matchAll(matcher)].map(([, label = '', sign, text = '']) => ({
      metric,
      label,
      value: { text, isPattern: sign === '=~' },
    })),
  );
}

/** Labels that a question groups by, other than the bounds of a histogram. */
export function groupedBy(expr: string): string[] {
  const groups = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, names = '']) =>
    names.split(',').map((name) => name.trim()),
  );
  return [...new Set(groups)].filter((name) => name !== 'le');
}

/** Whether Prometheus would take this value: it anchors its patterns. */
export function takes(asked: NonNullable<LabelAsked['value']>, value: string): boolean {
  return asked.isPattern ? new RegExp(`^(?:${asked.text})$`).test(value) : asked.text === value;
}
