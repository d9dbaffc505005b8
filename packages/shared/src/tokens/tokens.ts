import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';

export interface TokenKey {
  readonly kid: string;
  readonly secret: string;
}

export interface Tokens {
  /** A token for one object and version. The same input gives the same token, always. */
  issue(kind: string, id: string, version: number): string;
  /** What a token of this kind names, or undefined for anything we did not issue. */
  verify(token: string, kind: string): { id: string; version: number } | undefined;
}

const shape = /^([A-Za-z0-9_-]{1,20})\.([A-Za-z0-9-]{1,64})\.([0-9]{1,9})\.([A-Za-z0-9_-]{43})$/;

/**
 * Tokens that need no storage: HMAC-SHA256 over kind, id and version, so that mails can carry them
 * and a repeated request can return them. Raising a row's version revokes its tokens. The first key
 * signs; the others still verify, which is how a secret is rotated.
 */
export function createTokens(keys: readonly TokenKey[]): Tokens {
  const [signing] = keys;
  if (signing === undefined) {
    throw new Error('tokens need at least one key');
  }
  const secrets = new Map(keys.map((key) => [key.kid, key.secret]));
  return {
    issue: (kind, id, version) => {
      const mac = macOf(signing.secret, [kind, id, String(version)]);
      return `${signing.kid}.${id}.${version}.${mac.toString('base64url')}`;
    },
    verify: (token, kind) => {
      const [, kid = '', id = '', version = '', mac = ''] = shape.exec(token) ?? [];
      const secret = secrets.get(kid);
      if (secret === undefined) {
        return undefined;
      }
      const expected = macOf(secret, [kind, id, String(Number(version))]);
      const given = Buffer.from(mac, 'base64url');
      return given.length === expected.length && timingSafeEqual(given, expected)
        ? { id, version: Number(version) }
        : undefined;
    },
  };
}

/** Each part is preceded by its length, so that no two lists of parts read the same. */
function macOf(secret: string, parts: readonly string[]): Buffer {
  const mac = createHmac('sha256', secret);
  for (const part of parts) {
    mac.update(`${Buffer.byteLength(part)}:${part};`);
  }
  return mac.digest();
}

interface Sealing {
  /** What the bytes are for: sealed for one place, they open in no other. */
  readonly context: string;
  /** Master keys from the environment. The first seals; all open what they sealed. */
  readonly keys: readonly TokenKey[];
}

const nonceLength = 12;
const tagLength = 16;
const cipherName = 'aes-256-gcm';
/** Node also takes the first bytes of a tag for one, unless it is told how long they are. */
const wholeTag = { authTagLength: tagLength };

/**
 * Seals what is to lie in the database, or in a browser, and be read by neither: AES-256-GCM under a key that
 * both never see.
 */
export function sealBytes(plain: Buffer, { context, keys }: Sealing): string {
  const [master] = keys;
  if (master === undefined) {
    throw new Error('sealing needs a master key');
  }
  const nonce = randomBytes(nonceLength);
  const cipher = createCipheriv(cipherName, aesKey(master), nonce, wholeTag).setAAD(
    Buffer.from(context),
  );
  const sealed = Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return `${master.kid}.${sealed.toString('base64url')}`;
}

/** Opens what was sealed for the same context, or throws. */
export function openSealed(sealed: string, { context, keys }: Sealing): Buffer {
  const [masterKid, text = ''] = sealed.split('.');
  const master = keys.find(({ kid }) => kid === masterKid);
  if (master === undefined) {
    throw new Error(`${context} is sealed with master key ${masterKid}, which MASTER_KEYS lacks`);
  }
  const bytes = Buffer.from(text, 'base64url');
  const nonce = bytes.subarray(0, nonceLength);
  const decipher = createDecipheriv(cipherName, aesKey(master), nonce, wholeTag)
    .setAAD(Buffer.from(context))
    .setAuthTag(bytes.subarray(-tagLength));
  return Buffer.concat([
    decipher.update(bytes.subarray(nonceLength, -tagLength)),
    decipher.final(),
  ]);
}

function aesKey({ secret }: TokenKey): Buffer {
  return createHash('sha256').update(`liventix/master/${secret}`).digest();
}
