/** What types cannot check of a connector's declaration. */
import { IsObject } from 'typebox';
import type { Connector } from './connector.ts';

/** Whatever is wrong, in words; empty where nothing is. */
export function connectorFaults(connector: Connector): string[] {
  return [...identityFaults(connector), ...promiseFaults(connector), ...settingsFaults(connector)];
}

function identityFaults(connector: Connector): string[] {
  const faults: string[] = [];
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(connector.id)) faults.push(`the id "${connector.id}" is not kebab-case`);
  if (connector.title === '' || connector.description === '') faults.push('it needs a title and a description');
  if ((connector.oauth === undefined) !== (connector.scopes === undefined)) {
    faults.push('oauth and scopes go together');
  }
  for (const [name, key] of Object.entries(connector.keys ?? {})) {
    if (key.title === '' || key.description === '') faults.push(`the key ${name} needs a title and a description`);
  }
  return faults;
}

function promiseFaults({ capabilities, ...connector }: Connector): string[] {
  const faults: string[] = [];
  const together = (promised: boolean, kept: boolean, words: string): void => {
    if (promised !== kept) faults.push(words);
  };
  const writes = capabilities.write !== false;
  together(writes, connector.upload !== undefined, 'upload goes with the capability to write');
  together(writes, connector.remove !== undefined, 'remove goes with the capability to write');
  if (capabilities.notify === 'wait' && connector.waitForChanges === undefined)
    faults.push('waitForChanges is missing');
  if (capabilities.notify === 'webhook' && connector.webhooks === undefined) faults.push('webhooks are missing');
  if (capabilities.notify === 'none' && (connector.waitForChanges ?? connector.webhooks) !== undefined) {
    faults.push('it tells of changes, and its capabilities say that it does not');
  }
  return faults;
}

/** A form is made of the schema: each value needs words, and one that may be left out says what holds then. */
function settingsFaults({ settings, keys = {} }: Connector): string[] {
  if (!IsObject(settings)) return ['the settings are no object schema'];
  const faults: string[] = [];
  if (!('additionalProperties' in settings) || settings.additionalProperties !== false) {
    faults.push('the settings let unknown names pass: additionalProperties must be false');
  }
  const required: readonly string[] = settings.required ?? [];
  for (const [name, value] of Object.entries(settings.properties)) {
    const words = 'title' in value && 'description' in value && value.title !== '' && value.description !== '';
    if (!words) faults.push(`the setting ${name} needs a title and a description`);
    if (!required.includes(name) && !('default' in value)) faults.push(`the optional setting ${name} needs a default`);
    if (name in keys) faults.push(`${name} is a setting and a key`);
  }
  return faults;
}
