import { fileURLToPath } from 'node:url';
import { withoutAddresses } from '#errors/errors';

/** One place that an error came by, innermost last, as Sentry reads them. */
export interface Frame {
  readonly filename: string;
  readonly function: string;
  readonly lineno: number;
  readonly colno: number;
  readonly in_app: boolean;
}

const messageMax = 300;
const framesMax = 30;

/** Of this repository, wherever it lies: the path before it may name whose machine that is. */
const root = fileURLToPath(new URL('../../../../', import.meta.url));

const url = /\b[a-z][a-z\d+.-]*:\/\/\S+/gi;
/** What somebody sent stands in quotes, as in `invalid input syntax for type uuid: "Ada"`. */
const quoted = /"[^"]*"|`[^`]*`|(?<=^|[\s(:=[])'[^']*'/g;
const opaque = /[\w+/=.-]{24,}/g;
const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/**
 * The first line of a message, without addresses of any kind, without what is quoted in it, and without
 * tokens.
 */
export function impersonalMessage(message: string): string {
  const [first = ''] = message.split('\n', 1);
  return withoutAddresses(first.replace(url, '…').replace(quoted, '…'))
    .replace(opaque, (word) => (uuid.test(word) ? word : '…'))
    .slice(0, messageMax);
}

const line =
  /^\s+at (?:(?:async )?(?<name>.+?) \()?(?:async )?(?<file>.+?):(?<at>\d+):(?<column>\d+)\)?$/;

/** Where an error came by. Nothing of its message, and no value of a variable. */
export function framesOf(error: Error): Frame[] {
  const { stack = '', message } = error;
  const places = stack.slice(stack.indexOf(message) + message.length).split('\n');
  return places
    .flatMap((place) => {
      const { name = '?', file, at, column } = line.exec(place)?.groups ?? {};
      return file === undefined ? [] : [{ ...placeOf(file), name, at, column }];
    })
    .slice(0, framesMax)
    .map(({ filename, isOurs, name, at, column }) => ({
      filename,
      function: name,
      lineno: Number(at),
      colno: Number(column),
      in_app: isOurs,
    }))
    .reverse();
}

function placeOf(file: string): { readonly filename: string; readonly isOurs: boolean } {
  const path = file.startsWith('file:') ? fileURLToPath(file) : file;
  const library = path.lastIndexOf('node_modules/');
  if (library !== -1) {
    return { filename: path.slice(library), isOurs: false };
  }
  return path.startsWith(root)
    ? { filename: path.slice(root.length), isOurs: true }
    : { filename: path.startsWith('node:') ? path : '?', isOurs: false };
}

/** Our innermost place, by which errors without a code are told apart. A line moves; a function stays. */
export function topOf(frames: readonly Frame[]): string {
  const top = frames.findLast((frame) => frame.in_app) ?? frames.at(-1);
  return top === undefined ? '?' : `${top.filename} ${top.function}`;
}
