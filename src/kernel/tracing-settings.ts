/** The settings of traces, by the names that OpenTelemetry gives them everywhere. */

export interface TracingSettings {
  /** Where spans are sent: an OTLP/HTTP address. */
  readonly url: string;
  /** Headers of what is sent; they may hold a secret. */
  readonly headers: Readonly<Record<string, string>>;
  readonly serviceName: string;
  /** The share of traces that are kept where the caller has not decided: 0 to 1. */
  readonly ratio: number;
}

/**
 * Reads the settings; undefined without an endpoint, and where OTEL_SDK_DISABLED says so. What is wrong is added to
 * `faults`, without its value.
 */
export function readTracing(read: (name: string) => string | undefined, faults: string[]): TracingSettings | undefined {
  const isDisabled = readSwitch(read('OTEL_SDK_DISABLED'), faults);
  const own = read('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT');
  const shared = read('OTEL_EXPORTER_OTLP_ENDPOINT');
  const headers = readHeaders(read('OTEL_EXPORTER_OTLP_HEADERS'), faults);
  const serviceName = read('OTEL_SERVICE_NAME') ?? 'cairn';
  const ratio = readRatio(read('OTEL_TRACES_SAMPLER_ARG'), faults);
  // The endpoint for every kind of signal is a folder; the one for traces is the very address.
  const url = own ?? (shared === undefined ? undefined : `${shared.replace(/\/+$/, '')}/v1/traces`);
  if (url === undefined || isDisabled) return undefined;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    faults.push(
      `${own === undefined ? 'OTEL_EXPORTER_OTLP_ENDPOINT' : 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'} must be an address that begins with http:// or https://`,
    );
    return undefined;
  }
  return { url, headers, serviceName, ratio };
}

function readSwitch(text: string | undefined, faults: string[]): boolean {
  if (text !== undefined && !/^(true|false)$/i.test(text)) faults.push('OTEL_SDK_DISABLED must be true or false');
  return text?.toLowerCase() === 'true';
}

/** `name=value,name=value`, each percent-encoded. */
function readHeaders(text: string | undefined, faults: string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const pair of (text ?? '').split(',').filter((part) => part.trim() !== '')) {
    const at = pair.indexOf('=');
    const name = pair.slice(0, Math.max(at, 0)).trim();
    const value = decode(pair.slice(at + 1).trim());
    if (/^[\w!#$%&'*+.^`|~-]+$/.test(name) && value !== undefined) headers[name.toLowerCase()] = value;
    else faults.push('OTEL_EXPORTER_OTLP_HEADERS must read name=value,name=value, with special characters as %XX');
  }
  return headers;
}

function decode(text: string): string | undefined {
  try {
    const value = decodeURIComponent(text);
    return /^[\x20-\x7e]*$/.test(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function readRatio(text: string | undefined, faults: string[]): number {
  const ratio = text === undefined ? 1 : /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (ratio >= 0 && ratio <= 1) return ratio;
  faults.push('OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1');
  return 1;
}
