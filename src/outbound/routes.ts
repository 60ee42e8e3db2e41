/** Providers' origins that are led elsewhere: to a proxy, to an emulator. */

export interface Routes {
  /** Where a request to `url` goes. */
  readonly lead: (url: URL) => URL;
  readonly targets: readonly URL[];
}

/** `routes` is the setting: origins, each with the address that stands for it; a path there comes before the request's own. */
export function createRoutes(routes: Readonly<Record<string, string>>): Routes {
  const targets = new Map(Object.entries(routes).map(([origin, target]) => [origin, new URL(target)]));
  return {
    targets: [...targets.values()],
    lead: (url) => {
      const target = targets.get(url.origin);
      if (target === undefined) return url;
      const led = new URL(target);
      led.pathname = target.pathname.replace(/\/$/, '') + url.pathname;
      led.search = url.search;
      return led;
    },
  };
}
