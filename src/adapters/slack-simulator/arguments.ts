import type { Given } from './method.ts';
import { Refused } from './model.ts';

/** Arguments that are JSON inside a form; everything else there is text. */
const AS_JSON = ['blocks', 'metadata', 'view', 'files'];
const FLAGS = [
  'link_names',
  'reply_broadcast',
  'unfurl_links',
  'unfurl_media',
  'include_all_metadata',
  'inclusive',
  'include_disabled',
  'exclude_archived',
];

/** The arguments of a call: a form, as Slack's client sends it, or JSON. */
export function argumentsIn(body: string, type: string): Given {
  if (type.startsWith('application/json')) return objectIn(body);
  if (body !== '' && !type.startsWith('application/x-www-form-urlencoded')) throw new Refused('invalid_post_type');
  return Object.fromEntries([...new URLSearchParams(body)].map(([name, value]) => [name, argumentOf(name, value)]));
}

/** What is not understood stays text, for the method to refuse. */
function argumentOf(name: string, value: string): unknown {
  if (FLAGS.includes(name) && ['true', 'false'].includes(value)) return value === 'true';
  if (!AS_JSON.includes(name)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function objectIn(body: string): Given {
  const read = parsed(body);
  if (typeof read !== 'object' || read === null || Array.isArray(read)) throw new Refused('json_not_object');
  return read as Given;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new Refused('invalid_json');
  }
}

/** The bytes of a file: sent as they are, or as the one file of a form, which is how Slack's client sends them. */
export async function bytesIn(body: Buffer, type: string): Promise<Buffer> {
  if (!type.startsWith('multipart/form-data')) return body;
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  const [file] = [...form.values()].filter((value) => typeof value !== 'string');
  return file === undefined ? Buffer.alloc(0) : Buffer.from(await file.arrayBuffer());
}
