import { type Scale, serviceNames } from './services.ts';

const instancesMax = 16;

/** Reads `ticketing=3,checkout=2`. Throws with what is wrong, and what there is. */
export function parseScale(text: string): Scale {
  const scale: Record<string, number> = {};
  for (const part of text.split(',').filter((some) => some.trim() !== '')) {
    const [name = '', count = ''] = part.split('=').map((side) => side.trim());
    const known = serviceNames.find((service) => service === name);
    if (known === undefined) {
      throw new Error(`--scale: there is no service "${name}", only ${serviceNames.join(', ')}`);
    }
    if (!/^\d+$/.test(count) || Number(count) < 1 || Number(count) > instancesMax) {
      throw new Error(`--scale: ${name} needs a whole number from 1 to ${instancesMax}`);
    }
    scale[known] = Number(count);
  }
  return scale;
}
