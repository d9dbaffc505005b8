import { readFile } from 'node:fs/promises';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';

/** What stands on a page of a PDF. */
export interface ReadPage {
  /** As a reader of the page hears it. */
  readonly text: string;
  readonly codes: readonly string[];
}

/** Reads codes as a camera would, with ZXing: it shares nothing with what draws them. */
export async function readCodes(image: Uint8Array): Promise<string[]> {
  const picture = await loadImage(Buffer.from(image));
  const canvas = createCanvas(picture.width, picture.height);
  const context = canvas.getContext('2d');
  context.drawImage(picture, 0, 0);
  return await decode(context.getImageData(0, 0, canvas.width, canvas.height));
}

/** Reads a PDF with PDF.js, which draws its pages, and ZXing, which reads what was drawn. */
export async function readPdf(pdf: Uint8Array): Promise<ReadPage[]> {
  const document = await getDocument({ data: new Uint8Array(pdf), verbosity: 0 }).promise;
  const pages: ReadPage[] = [];
  for (let number = 1; number <= document.numPages; number += 1) {
    const page = await document.getPage(number);
    const viewport = page.getViewport({ scale: 2 });
    const canvas = createCanvas(viewport.width, viewport.height);
    const context = canvas.getContext('2d');
    // A canvas outside of a browser, which the types of PDF.js do not know.
    const target = { canvas, canvasContext: context, viewport };
    await page.render(target as unknown as Parameters<typeof page.render>[0]).promise;
    const { items } = await page.getTextContent();
    const text = items.map((item) => ('str' in item ? item.str : '')).join(' ');
    const codes = await decode(context.getImageData(0, 0, canvas.width, canvas.height));
    pages.push({ text, codes });
  }
  return pages;
}

let reader: Promise<unknown> | undefined;

async function decode(picture: {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}): Promise<string[]> {
  reader ??= prepareReader();
  await reader;
  const found = await readBarcodes(picture as Parameters<typeof readBarcodes>[0], {
    formats: ['QRCode'],
  });
  return found.map(({ text }) => text);
}

/** Its WebAssembly from the disk: by itself it would ask the internet. */
async function prepareReader(): Promise<void> {
  const file = new URL(import.meta.resolve('zxing-wasm/reader/zxing_reader.wasm'));
  const { buffer } = new Uint8Array(await readFile(file));
  await prepareZXingModule({ overrides: { wasmBinary: buffer }, fireImmediately: true });
}
