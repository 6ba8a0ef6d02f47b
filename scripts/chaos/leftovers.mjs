import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../lib/processes.mjs';

const built = (path) => import(pathToFileURL(join(root, 'dist', 'src', path)).href);
const { nameOwnedBy, ownIdentity, readProcessStat } = await built('sandbox/process-identity.js');
const { ownCgroupDirectories, readCgroupMounts } = await built('sandbox/cgroup.js');

/** Where the start time stands in `/proc/<pid>/stat`, behind the name. */
const START_TIME = 19;
const STATE = 0;

const startTimeOf = (pid) => readProcessStat(pid)?.[START_TIME] ?? null;

/** The identity that a process of ours puts into the names of what it makes. */
export function identityOf(pid) {
  return { pidNamespace: ownIdentity().pidNamespace, pid, startTime: startTimeOf(pid) ?? '0' };
}

function listed(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function text(file) {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

/** All processes below one, each with its start time, which tells it from a later one of the same number. */
export function descendantsOf(pid) {
  const children = listed(`/proc/${pid}/task`).flatMap((task) =>
    text(`/proc/${pid}/task/${task}/children`).split(' ').filter(Boolean).map(Number),
  );
  return children.flatMap((child) => [
    { pid: child, startTime: startTimeOf(child), name: nameOf(child) },
    ...descendantsOf(child),
  ]);
}

/** What a process calls itself, 15 characters at most; student programs of the rows give themselves names. */
export function nameOf(pid) {
  return text(`/proc/${pid}/comm`).trim();
}

/** Processes of any user that call themselves so. */
export function processesNamed(name) {
  return listed('/proc')
    .filter((pid) => /^\d+$/.test(pid) && nameOf(pid) === name)
    .map(Number);
}

function isAlive({ pid, startTime }) {
  const stat = readProcessStat(pid);
  return stat !== null && stat[START_TIME] === startTime && stat[STATE] !== 'Z' && stat[STATE] !== 'X';
}

/**
 * What killed processes have left on the machine: processes that ran below them, and cgroups, mounts and folders that carry
 * their names.
 *
 * @param {readonly import('./assay-process.mjs').AssayProcess[]} processes
 * @param {string} temporaryFolder the `TMPDIR` of all of them
 * @returns {string[]} empty when nothing is left
 */
export function leftoversOf(processes, temporaryFolders) {
  const below = processes.flatMap(({ below }) => below).filter(isAlive);
  const dead = processes.flatMap(({ identities }) => identities).filter((identity) => !isAlive(identity));
  const isOfTheDead = (name) => dead.some((identity) => name.includes(nameOwnedBy(identity, '', '')));
  const cgroups = ownCgroupDirectories(readCgroupMounts()).flatMap((parent) =>
    listed(parent).map((name) => join(parent, name)),
  );
  const folders = temporaryFolders.flatMap((folder) => listed(folder).map((name) => join(folder, name)));
  const mounts = text('/proc/self/mounts').split('\n');
  return [
    ...below.map(({ pid, name }) => `process ${pid} (${name})`),
    ...cgroups.filter(isOfTheDead).map((path) => `cgroup ${path}`),
    ...mounts.filter(isOfTheDead).map((line) => `mount ${line.split(' ')[1]}`),
    ...folders.filter(isOfTheDead).map((path) => `folder ${path}`),
  ];
}
