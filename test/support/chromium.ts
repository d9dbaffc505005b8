import { execFileSync } from 'node:child_process';
import { createReadStream, createWriteStream, existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createBrotliDecompress } from 'node:zlib';
import { type Browser, chromium } from 'playwright-core';
import { test as anyTest } from 'vitest';
import { inheritedEnvironment, loadTestConfig } from './config.ts';

interface Candidate {
  readonly command: string;
  readonly env?: Readonly<Record<string, string>>;
}

const names = [
  'chromium-headless-shell',
  'chromium',
  'google-chrome',
  'google-chrome-stable',
  'chromium-browser',
];
const appOnMac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
const stateDir = fileURLToPath(new URL('../../.liventix', import.meta.url));

/**
 * A test that looks at pages. Where there is no Chromium at all (another system than Linux on x64, without
 * one of its own) it is skipped, and counted as skipped; continuous integration has to have one. One that
 * is there and does not start fails.
 */
export const test = anyTest.skipIf(!isThere() && !loadTestConfig().CI);

function isThere(): boolean {
  const { LIVENTIX_CHROMIUM: chosen, PATH: path } = loadTestConfig();
  return chosen !== undefined || onMachine(path).length > 0 || isBundled();
}

/**
 * A headless Chromium: the one that LIVENTIX_CHROMIUM names; else the machine's; else the one that
 * npm brought, which needs nothing of the machine but its C library.
 */
export async function launchChromium(): Promise<Browser> {
  const { LIVENTIX_CHROMIUM: chosen, PATH: path } = loadTestConfig();
  if (chosen !== undefined) {
    return await launch({ command: chosen });
  }
  const faults: string[] = [];
  for (const find of [...onMachine(path).map((one) => async () => one), unpackBundled]) {
    try {
      return await launch(await find());
    } catch (error) {
      faults.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(
    `No Chromium starts here: install one (Debian: apt-get install chromium), or set LIVENTIX_CHROMIUM.\n${faults.join('\n')}`,
  );
}

async function launch({ command, env }: Candidate): Promise<Browser> {
  return await chromium.launch({
    executablePath: command,
    // Root may not have Chromium's sandbox, nor do all containers, and what it is shown is ours.
    // Names resolve nowhere, so that no page reaches a foreign host, whatever asks for it.
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
    env: { ...inheritedEnvironment(), ...env },
    timeout: 120_000,
  });
}

function onMachine(path: string): Candidate[] {
  const files = path.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  const found = [...files, appOnMac].filter((file) => existsSync(file));
  return [...new Set(found)].map((command) => ({ command }));
}

function isBundled(): boolean {
  return process.platform === 'linux' && process.arch === 'x64';
}

/**
 * The Chromium of @sparticuz/chromium with the libraries and fonts it brings: where there is no font
 * at all, Chromium ends with the first text field. It is unpacked once: 67 MB of Brotli take up to
 * ten seconds. The loser of two concurrent runs uses the winner's folder.
 */
async function unpackBundled(): Promise<Candidate> {
  if (!isBundled()) {
    throw new Error(`npm has none for ${process.platform} ${process.arch}.`);
  }
  const entry = import.meta.resolve('@sparticuz/chromium');
  const packed = fileURLToPath(new URL('../bin/', entry));
  const { version } = JSON.parse(readFileSync(new URL('../package.json', entry), 'utf8'));
  const folder = join(stateDir, `chromium-${version}`);
  if (!existsSync(folder)) {
    await unpack(packed, folder);
  }
  return {
    command: join(folder, 'chromium'),
    env: {
      LD_LIBRARY_PATH: join(folder, 'lib'),
      FONTCONFIG_FILE: await describeFonts(folder),
    },
  };
}

async function unpack(packed: string, folder: string): Promise<void> {
  const draft = `${folder}.new.${process.pid}`;
  await mkdir(draft, { recursive: true });
  try {
    await unbrotli(join(packed, 'chromium.br'), join(draft, 'chromium'));
    for (const name of ['al2023.tar', 'fonts.tar']) {
      const archive = join(draft, name);
      await unbrotli(join(packed, `${name}.br`), archive);
      execFileSync('tar', ['-xf', archive, '--no-same-owner', '-C', draft]);
      await rm(archive);
    }
    await rename(draft, folder);
  } catch (error) {
    if (!existsSync(folder)) {
      throw error;
    }
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/**
 * Names the fonts beside it and where they are indexed: a folder named relatively is of whoever runs it. Named
 * anew when the checkout was moved: Chromium ends with the first text field where it finds no font.
 */
async function describeFonts(folder: string): Promise<string> {
  const text = (path: string) => path.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const file = join(folder, 'fonts.absolute.conf');
  const wanted = `<?xml version="1.0"?>
<fontconfig>
  <dir>${text(join(folder, 'fonts'))}</dir>
  <cachedir>${text(join(folder, 'font-cache'))}</cachedir>
</fontconfig>
`;
  if (!existsSync(file) || readFileSync(file, 'utf8') !== wanted) {
    const draft = `${file}.${process.pid}`;
    await writeFile(draft, wanted);
    await rename(draft, file);
  }
  return file;
}

async function unbrotli(from: string, to: string): Promise<void> {
  await pipeline(
    createReadStream(from),
    createBrotliDecompress(),
    createWriteStream(to, { mode: 0o755 }),
  );
}
