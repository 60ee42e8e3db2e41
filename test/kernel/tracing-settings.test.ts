import { expect, test } from 'vitest';
import { readTracing } from '../../src/kernel/tracing-settings.ts';

const read = (env: Record<string, string>): { settings: unknown; faults: string[] } => {
  const faults: string[] = [];
  return { settings: readTracing((name) => env[name], faults), faults };
};

test('no endpoint, or OTEL_SDK_DISABLED, means no traces', () => {
  expect(read({})).toEqual({ settings: undefined, faults: [] });
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318', OTEL_SDK_DISABLED: 'TRUE' };
  expect(read(env)).toEqual({ settings: undefined, faults: [] });
});

test('the endpoint of all signals is a folder, the one of traces the very address', () => {
  const folder = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318/base/' };
  expect(read(folder).settings).toMatchObject({ url: 'http://127.0.0.1:4318/base/v1/traces', serviceName: 'cairn' });
  const exact = { ...folder, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://x.example/traces', OTEL_SERVICE_NAME: 'hub' };
  expect(read(exact).settings).toMatchObject({ url: 'https://x.example/traces', serviceName: 'hub' });
});

test('headers and the share that is kept are read as OpenTelemetry writes them', () => {
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318',
    OTEL_EXPORTER_OTLP_HEADERS: 'Authorization=Bearer%20a%2Cb, x-tenant=one=1',
    OTEL_TRACES_SAMPLER_ARG: '0.25',
  };
  expect(read(env)).toEqual({
    settings: {
      url: 'http://127.0.0.1:4318/v1/traces',
      headers: { authorization: 'Bearer a,b', 'x-tenant': 'one=1' },
      serviceName: 'cairn',
      ratio: 0.25,
    },
    faults: [],
  });
});

test.each([
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
  ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'grpc://collector'],
  ['OTEL_EXPORTER_OTLP_HEADERS', 'the-secret'],
  ['OTEL_EXPORTER_OTLP_HEADERS', 'name=%E0%A4%A'],
  ['OTEL_EXPORTER_OTLP_HEADERS', 'a=line%0Abreak'],
  ['OTEL_TRACES_SAMPLER_ARG', '2'],
  ['OTEL_SDK_DISABLED', 'yes'],
])('%s=%s is a fault that is named without its value', (name, value) => {
  const { faults } = read({ [name]: value });
  expect(faults).toHaveLength(1);
  expect(faults[0]).toContain(name);
  expect(faults[0]).not.toContain(value);
});
