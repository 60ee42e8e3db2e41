/** A way out that is closed after its test, servers of this machine, and names that lead where a test says. */
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { onTestFinished } from 'vitest';
import { createOutbound, type Outbound, type OutboundOptions } from '../../src/outbound/outbound.ts';

/** A server of this machine; `seen` are the requests that reached it. */
export async function serve(
  listener: RequestListener,
): Promise<{ url: string; port: number; seen: IncomingMessage[] }> {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, seen };
}

/** As the product opens it. */
export function open(options: OutboundOptions = {}): Outbound {
  const outbound = createOutbound(options);
  onTestFinished(outbound.close);
  return outbound;
}

/** A resolver that knows these names; each answers its addresses one after the other, the last for ever. */
export function resolver(names: Record<string, string[]>): LookupFunction & { asked: number } {
  const lookup = ((hostname, options, callback) => {
    lookup.asked += 1;
    const left = names[hostname] ?? [];
    const address = (left.length > 1 ? left.shift() : left[0]) ?? '';
    const found = address.split(',').map((each) => ({ address: each, family: each.includes(':') ? 6 : 4 }));
    if (options.all) callback(null, found);
    else callback(null, found[0]?.address ?? '', found[0]?.family);
  }) as LookupFunction & { asked: number };
  lookup.asked = 0;
  return lookup;
}
