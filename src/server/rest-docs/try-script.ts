/** The script of the pages that try operations out: browser code, sent as it stands here. */

export const SCRIPT = `
const MOST = 200000;

const add = (parent, tag, text) => {
  const element = document.createElement(tag);
  element.textContent = text;
  parent.append(element);
  return element;
};

const request = (form) => {
  const { method, path } = form.dataset;
  const query = new URLSearchParams();
  const headers = {};
  let address = path;
  for (const [id, value] of new FormData(form)) {
    const [place, name] = [id.slice(0, id.indexOf(':')), id.slice(id.indexOf(':') + 1)];
    if (typeof value !== 'string' || value === '') continue;
    if (place === 'path') address = address.replace(':' + name, () => encodeURIComponent(value));
    if (place === 'query') query.append(name, value);
    if (place === 'header') headers[name] = value;
  }
  const url = address + (query.size > 0 ? '?' + query : '');
  const { type, body, file } = form.elements;
  if (type) headers['content-type'] = type.value;
  const sent = file && file.files.length > 0 ? file.files[0] : body && body.value;
  return { method, url, headers, body: sent || undefined };
};

const quoted = (text) => "'" + text.replaceAll("'", "'\\\\''") + "'";

const asCurl = ({ method, url, headers, body }) => [
  'curl' + (method === 'GET' ? '' : ' -X ' + method) + " -H 'Authorization: Bearer TOKEN'",
  ...Object.entries(headers).map(([name, value]) => '-H ' + quoted(name + ': ' + value)),
  ...(body === undefined ? [] : ['--data-binary ' + (typeof body === 'string' ? quoted(body) : '@' + quoted(body.name))]),
  quoted(new URL(url, location.href).href),
].join(' ');

/** No more than the page can show: an export may have gigabytes. */
const readStart = async (response) => {
  const reader = response.body && response.body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (let part = reader && (await reader.read()); part && !part.done && text.length < MOST; part = await reader.read()) {
    text += decoder.decode(part.value, { stream: true });
  }
  if (reader) void reader.cancel();
  return text.length < MOST ? text : text.slice(0, MOST) + '\\n…';
};

const pretty = (text, type) => {
  if (!/json$/.test(type)) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
};

const show = async (output, response, began) => {
  const type = (response.headers.get('content-type') || '').split(';')[0];
  const isText = type.startsWith('text/') || /json|xml|ndjson|csv/.test(type);
  const text = isText ? pretty(await readStart(response), type) : '';
  if (!isText && response.body) void response.body.cancel();
  add(output, 'h3', response.status + ' ' + response.statusText + ', ' + Math.round(performance.now() - began) + ' ms');
  add(output, 'pre', [...response.headers].map(([name, value]) => name + ': ' + value).join('\\n'));
  if (text !== '') add(output, 'pre', text);
};

for (const form of document.querySelectorAll('form.try')) {
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const output = form.querySelector('output');
    const asked = request(form);
    output.textContent = '';
    add(output, 'pre', asCurl(asked));
    const began = performance.now();
    try {
      const { method, url, headers, body } = asked;
      const response = await fetch(url, { method, body, headers: { ...headers, 'x-cairn-csrf': '1' } });
      await show(output, response, began);
    } catch (error) {
      add(output, 'p', 'The server did not answer: ' + error.message);
    }
  });
}
`;
