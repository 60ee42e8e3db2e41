/** `fetch` as connectors get it in tests: the provider's hosts lead to its fake, and nothing else leads anywhere. */

const REDIRECTS = 5;

/** `routes`: origin → address that stands for it. Redirects are followed as the hub does: no token goes to another origin. */
export function routedFetch(routes: Readonly<Record<string, string>>): typeof globalThis.fetch {
  return async (input, init) => {
    let url = new URL(input instanceof Request ? input.url : input);
    const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
    const given = input instanceof Request ? new Request(input, init) : undefined;
    for (let hop = 0; ; hop += 1) {
      const options: RequestInit = { ...init, headers, redirect: 'manual' };
      const asked = given === undefined ? route(routes, url) : new Request(route(routes, url), given);
      const answer = await globalThis.fetch(asked, options);
      const location = answer.headers.get('location');
      const follows = answer.status >= 300 && answer.status < 400 && answer.status !== 304 && location !== null;
      if (!follows || init?.redirect === 'manual' || hop === REDIRECTS) return answer;
      await answer.body?.cancel();
      const next = new URL(location, url);
      if (next.origin !== url.origin) headers.delete('authorization');
      url = next;
    }
  };
}

function route(routes: Readonly<Record<string, string>>, url: URL): string {
  const target = routes[url.origin];
  if (target === undefined)
    throw new TypeError('fetch failed', { cause: new Error(`${url.origin} is none of the provider's hosts`) });
  return `${target}${url.pathname}${url.search}`;
}
