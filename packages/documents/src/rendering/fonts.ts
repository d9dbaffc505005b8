import { readFile } from 'node:fs/promises';
import decompress from 'woff2-encoder/decompress';

/** In the order in which a character is looked for; the last one has every character of Plane 0. */
const files = [
  '@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf',
  '@expo-google-fonts/noto-sans/700Bold/NotoSans_700Bold.ttf',
  'dejavu-fonts-ttf/ttf/DejaVuSans.ttf',
  'dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf',
  '@expo-google-fonts/noto-emoji/400Regular/NotoEmoji_400Regular.ttf',
];
const everything = '@fontsource/unifont/files/unifont-latin-400-normal.woff2';

/** The fonts that tickets are set in, so that any name can be, on a machine without fonts. */
export async function loadFonts(): Promise<Buffer[]> {
  const [compressed, ...fonts] = await Promise.all([everything, ...files].map(read));
  return compressed === undefined ? fonts : [...fonts, Buffer.from(await decompress(compressed))];
}

async function read(file: string): Promise<Buffer> {
  return await readFile(new URL(import.meta.resolve(file)));
}
