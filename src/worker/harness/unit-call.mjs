// Calls functions of the submission and writes what they give to the descriptor 3, a JSON object a line.
//
// It runs in the submission's own process, which may change it, end it and write what it likes: that is what the functions gave,
// then. Nothing that is expected is known here; the worker compares. Values are written as docs/grading-unit.md says.
import { readFileSync, writeSync } from 'node:fs';

const DEEPEST = 64;
const MOST_ITEMS = 100_000;
const task = JSON.parse(readFileSync('/grader/.assay/calls.json', 'utf8'));
let module;

const FORMS = {
  $tuple: (inside) => inside.map(decode),
  $set: (inside) => new Set(inside.map(decode)),
  $map: (inside) => new Map(inside.map(([key, one]) => [decode(key), decode(one)])),
  $bytes: (inside) => Buffer.from(inside, 'base64'),
  $int: (inside) => BigInt(inside),
  $float: (inside) => ({ nan: NaN, inf: Infinity, '-inf': -Infinity })[inside],
  $undefined: () => undefined,
  $object: (inside) => Object.assign(Object.create(find(inside.class, {}).prototype), decode(inside.fields)),
};

function decode(value) {
  if (Array.isArray(value)) return value.map(decode);
  if (typeof value !== 'object' || value === null) return value;
  const [entry, second] = Object.entries(value);
  if (entry !== undefined && second === undefined && Object.hasOwn(FORMS, entry[0])) return FORMS[entry[0]](entry[1]);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, decode(one)]));
}

function encode(value, depth = 0) {
  if (depth > DEEPEST) return { $opaque: 'too deep' };
  const inner = depth + 1;
  switch (typeof value) {
    case 'undefined':
      return { $undefined: true };
    case 'bigint':
      return { $int: `${value}` };
    case 'number':
      return Number.isFinite(value) ? value : { $float: Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf' };
    case 'boolean':
    case 'string':
      return value;
    case 'object':
      break;
    default:
      return { $opaque: typeof value };
  }
  if (value === null) return null;
  if (Array.isArray(value)) return Array.from(value, (one) => encode(one, inner));
  if (value instanceof Map) return { $map: Array.from(value, (pair) => pair.map((one) => encode(one, inner))) };
  if (value instanceof Set) return { $set: Array.from(value, (one) => encode(one, inner)) };
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('base64') };
  if (typeof value.next === 'function' && typeof value[Symbol.iterator] === 'function') {
    const items = [];
    for (const one of value) {
      if (items.length === MOST_ITEMS) return { $opaque: 'endless iterator' };
      items.push(encode(one, inner));
    }
    return items;
  }
  const name = Object.getPrototypeOf(value)?.constructor?.name ?? 'Object';
  if (value instanceof Date) return { $object: { class: 'Date', fields: { iso: value.toISOString() } } };
  const fields = Object.fromEntries(Object.entries(value).map(([key, one]) => [key, encode(one, inner)]));
  const names = Object.keys(fields);
  if (name !== 'Object') return { $object: { class: `${name}`, fields } };
  return names.length === 1 && names[0].startsWith('$') ? { $map: [[names[0], fields[names[0]]]] } : fields;
}

function report(record) {
  let line;
  try {
    line = JSON.stringify(record);
  } catch {
    line = JSON.stringify({
      call: record.call,
      step: record.step,
      kind: 'unloaded',
      message: 'What it gave cannot be shown.',
    });
  }
  const bytes = Buffer.from(`${line}\n`);
  for (let at = 0; at < bytes.length;) at += writeSync(3, bytes, at);
}

function explain(error) {
  try {
    return `${error?.message ?? error}`;
  } catch {
    return '(its text cannot be had)';
  }
}

function typesOf(error) {
  const types = [];
  try {
    if (typeof error?.name === 'string') types.push(error.name);
    for (let one = error; one !== null && one !== undefined && types.length < 20; one = Object.getPrototypeOf(one)) {
      const name = one.constructor?.name;
      if (typeof name === 'string' && !types.includes(name)) types.push(name);
    }
  } catch {
    types.push('an exception that cannot be looked at');
  }
  return types.length === 0 ? [typeof error] : types;
}

function find(target, names) {
  const [first, ...rest] = target.split('.');
  let owner;
  let found = Object.hasOwn(names, first) ? names[first] : (module[first] ?? module.default?.[first]);
  for (const name of rest) [owner, found] = [found, found[name]];
  return typeof found === 'function' && owner !== undefined && !/^class\b/.test(`${found}`) ? found.bind(owner) : found;
}

async function act(step, names) {
  const found = find(step.get ?? step.new ?? step.call, names);
  if (step.get !== null) return [found, []];
  if (typeof found !== 'function') throw new TypeError(`${step.new ?? step.call} is not a function`);
  const args = step.args.map(decode);
  return [step.new === null ? await found(...args) : new found(...args), args];
}

process.argv[1] = `/box/${task.module}`;
try {
  module = await import(`file:///box/${task.module.split('/').map(encodeURIComponent).join('/')}`);
} catch (error) {
  for (const call of task.calls.keys()) {
    report({
      call,
      step: 0,
      kind: 'unloaded',
      message: `${task.module} could not be loaded: ${typesOf(error)[0]}: ${explain(error)}`,
    });
    report({ call, kind: 'end' });
  }
  process.reallyExit(1);
}
for (const [call, steps] of task.calls.entries()) {
  const names = Object.create(null);
  for (const [index, step] of steps.entries()) {
    try {
      const [value, args] = await act(step, names);
      if (step.as !== null) names[step.as] = value;
      // An object that later steps use need not be a value.
      const told = step.as === null ? encode(value) : null;
      report({ call, step: index, kind: 'returned', value: told, args: step.tellsArgs ? encode(args) : null });
    } catch (error) {
      report({ call, step: index, kind: 'raised', types: typesOf(error), message: explain(error) });
    }
  }
  report({ call, kind: 'end' });
}
// What was left to run later belongs to no call.
process.exit(0);
