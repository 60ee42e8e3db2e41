/** The SDK of S3, led through our own way out, tried once. */
import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import { ConnectorError } from '../connector.ts';
import { asConnectorError } from '../kit/network-error.ts';
import { s3Error } from './errors.ts';
import type { S3Context } from './settings.ts';

/** A client for each context, since making one costs more than a request. */
const CLIENTS = new WeakMap<S3Context, Promise<S3Client>>();

/** The SDK's own module: loaded with the first request of the first source. */
export function loadSdk(): Promise<typeof import('@aws-sdk/client-s3')> {
  return import('@aws-sdk/client-s3');
}

/**
 * Sends a command. Loading the SDK is left to `make`, which gets it.
 * @throws ConnectorError; the signal's reason
 */
export async function send<T>(
  context: S3Context,
  make: (sdk: typeof import('@aws-sdk/client-s3'), client: S3Client) => Promise<T>,
): Promise<T> {
  try {
    return await make(await loadSdk(), await clientOf(context));
  } catch (thrown) {
    throw context.signal.aborted ? context.signal.reason : s3Error(thrown, context);
  }
}

function clientOf(context: S3Context): Promise<S3Client> {
  const known = CLIENTS.get(context) ?? newClient(context);
  CLIENTS.set(context, known);
  return known;
}

async function newClient(context: S3Context): Promise<S3Client> {
  const { settings, keys } = context;
  const { S3Client } = await loadSdk();
  const checksums = settings.checksums === 'always' ? 'WHEN_SUPPORTED' : 'WHEN_REQUIRED';
  return new S3Client({
    region: settings.region,
    ...(settings.endpoint === '' ? {} : { endpoint: settings.endpoint }),
    forcePathStyle: settings.forcePathStyle,
    credentials: {
      accessKeyId: keys['accessKeyId'] ?? '',
      secretAccessKey: keys['secretAccessKey'] ?? '',
      ...(keys['sessionToken'] === undefined ? {} : { sessionToken: keys['sessionToken'] }),
    },
    maxAttempts: 1,
    retryMode: 'standard',
    // What a machine's environment and profile say is about other programs.
    ignoreConfiguredEndpointUrls: true,
    requestChecksumCalculation: checksums,
    // Answers are verified by the engine's hashes, over the stream that is kept.
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: fetchHandler(context),
  });
}

type Handler = Exclude<NonNullable<S3ClientConfig['requestHandler']>, Record<PropertyKey, never>>;

/** Set by `fetch` itself, and refused where they are given. */
const OWN_HEADERS = new Set(['host', 'content-length', 'expect', 'connection', 'transfer-encoding']);

function fetchHandler(context: S3Context): Handler & { metadata: { handlerProtocol: string } } {
  const { fetch, signal } = context;
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle(request: SdkRequest) {
      const { method, body } = request;
      const headers = new Headers();
      for (const [name, value] of Object.entries(request.headers)) {
        if (!OWN_HEADERS.has(name.toLowerCase())) headers.set(name, value);
      }
      // Redirects of S3 lead to other regions, for which the signature is wrong: they are told as errors.
      const init: RequestInit = { method, headers, signal, redirect: 'manual' };
      const answer = await fetch(urlOf(request), isContent(body) ? { ...init, body } : init).catch(
        (thrown: unknown) => {
          throw asConnectorError(thrown, 'S3', signal);
        },
      );
      return {
        response: {
          statusCode: answer.status,
          headers: Object.fromEntries(answer.headers),
          body: answer.body ?? undefined,
        },
      };
    },
    destroy: () => undefined,
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
  };
}

interface SdkRequest {
  readonly method: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number | undefined;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>> | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** @throws ConnectorError forbidden where the URL would lead to another object than the one that was signed */
function urlOf({ protocol, hostname, port, path, query = {} }: SdkRequest): URL {
  const url = new URL(`${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`);
  if (url.pathname !== path) {
    throw new ConnectorError('forbidden', 'A key with "." or ".." between its slashes cannot be asked for by a URL');
  }
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    [value ?? ''].flat().map((one) => `${encode(name)}=${encode(one)}`),
  );
  url.search = pairs.join('&');
  return url;
}

/** As the signature's rules want it: everything but letters, digits and `-._~`. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
}

function isContent(body: unknown): body is Uint8Array<ArrayBuffer> | string {
  return typeof body === 'string' || body instanceof Uint8Array;
}
