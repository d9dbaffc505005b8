import { type Html, html } from '@liventix/shared/html';
import { scaleLinear, scaleTime } from 'd3-scale';

export interface Bar {
  readonly at: Date;
  readonly value: number;
  /** What the bar says when somebody points at it or reads it out. */
  readonly label: string;
}

/** A chart is this many bars wide at least: one lonely bar says nothing of its neighbours. */
const stepsMin = 24;

const size = { width: 720, height: 200, left: 44, bottom: 24, top: 8 } as const;

/** Values over time as bars, drawn on the server: an SVG that needs no script and says what it shows. */
export function barChart(chart: {
  readonly title: string;
  readonly bars: readonly Bar[];
  /** How long a bar is, in milliseconds. */
  readonly stepMs: number;
}): Html {
  const { title, bars, stepMs } = chart;
  const first = bars[0];
  const last = bars.at(-1);
  if (first === undefined || last === undefined) {
    return html`<p class="quiet">${title}: nothing yet.</p>`;
  }
  const { width, height, left: margin, bottom, top } = size;
  const until = last.at.getTime() + stepMs;
  const from = Math.min(first.at.getTime(), until - stepsMin * stepMs);
  const x = scaleTime()
    .domain([new Date(from), new Date(until)])
    .range([margin, width]);
  const y = scaleLinear()
    .domain([0, Math.max(1, ...bars.map(({ value }) => value))])
    .nice(4)
    .range([height - bottom, top]);
  const drawn = bars.map(({ at, value, label }) => {
    const left = x(at);
    const wide = Math.max(1, x(new Date(at.getTime() + stepMs)) - left - 1);
    return html`<rect x="${left.toFixed(1)}" y="${y(value).toFixed(1)}" width="${wide.toFixed(1)}" height="${(y(0) - y(value)).toFixed(1)}"><title>${label}</title></rect>`;
  });
  const lines = y
    .ticks(4)
    .map(
      (tick) =>
        html`<line x1="${margin}" x2="${width}" y1="${y(tick)}" y2="${y(tick)}"/><text x="${margin - 6}" y="${y(tick) + 4}" text-anchor="end">${y.tickFormat(4, '~s')(tick)}</text>`,
    );
  const days = x
    .ticks(6)
    .map(
      (tick) =>
        html`<text x="${x(tick).toFixed(1)}" y="${height - 6}" text-anchor="middle">${x.tickFormat(6)(tick)}</text>`,
    );
  const sum = bars.reduce((all, { value }) => all + value, 0);
  return html`<figure><figcaption>${title}</figcaption><svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}: ${sum} in all">${lines}${drawn}${days}</svg></figure>`;
}

/** How much of a whole is taken, as a bar that reads out. */
export function meter(value: number, max: number, label: string): Html {
  return html`<meter min="0" max="${Math.max(1, max)}" value="${Math.min(value, max)}" aria-label="${label}">${label}</meter>`;
}
