import getPort from 'get-port';

/** A port nobody listens on at this moment, on the loopback address. */
export async function freePort(): Promise<number> {
  return await getPort({ host: '127.0.0.1' });
}
