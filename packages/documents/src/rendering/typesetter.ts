import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';
import { loadFonts } from '#rendering/fonts';
import type { PrintedSheet } from '#tickets/ticket-sheet';

/** Sets a sheet whose codes are SVG already. */
export type Typesetter = (sheet: PrintedSheet) => Uint8Array;

/** Typst with our template and fonts: some 350 MB and half a second, so once for a thread. */
export async function createTypesetter(): Promise<Typesetter> {
  const home = new URL('../tickets/', import.meta.url);
  const [template, fontBlobs] = await Promise.all([
    readFile(new URL('tickets.typ', home), 'utf8'),
    loadFonts(),
  ]);
  const compiler = NodeCompiler.create({
    workspace: fileURLToPath(home),
    fontArgs: [{ fontBlobs }],
  });
  return (sheet) => {
    const inputs = { sheet: JSON.stringify(sheet) };
    const compiled = compiler.compile({ mainFileContent: template, inputs });
    const document = compiled.result;
    if (document === null) {
      const found = compiled.takeDiagnostics();
      throw new Error(
        `the ticket's template was not set: ${JSON.stringify(found?.shortDiagnostics)}`,
      );
    }
    // The same sheet is the same file: what is sent again has to be the same bytes.
    const pdf = compiler.pdf(document, { pdfTags: true, creationTimestamp: 0 });
    compiler.evictCache(keptCompilations);
    return pdf;
  };
}

/** What Typst remembers between two sheets: the template, and nothing of older ones. */
const keptCompilations = 1;
