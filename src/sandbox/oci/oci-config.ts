import { join } from 'node:path';

import {
  type BubblewrapLayout,
  DEVICE_MOUNT_POINTS,
  INSIDE_UID,
  SUPERVISOR_CAPABILITIES,
  SUPERVISOR_FOLDER,
  SUPERVISOR_PROGRAM,
  WORKING_FOLDER,
} from '../bubblewrap-arguments.js';
import type { RuntimeBind } from '../runtimes.js';

/** One number inside that stands for one outside. Ranges are not needed: one program has one user. */
export interface IdMapping {
  readonly containerID: number;
  readonly hostID: number;
  readonly size: 1;
}

/** What differs from container to container. */
export interface OciContainer {
  readonly layout: BubblewrapLayout;
  readonly binds: readonly RuntimeBind[];
  /** Folder on the host with the supervisor's program. */
  readonly supervisor: string;
  /** For the supervisor's program. */
  readonly arguments: readonly string[];
  /** For users and groups alike. */
  readonly mappings: readonly IdMapping[];
  /** User and group of the supervisor inside; one of the mapped ones. */
  readonly uid: number;
}

interface Mount {
  readonly destination: string;
  readonly type: string;
  readonly source: string;
  readonly options: readonly string[];
}

const NAMESPACES = ['user', 'pid', 'mount', 'ipc', 'uts', 'network', 'cgroup'] as const;

/**
 * Without it the kernel lets nobody give the number 0 of a user namespace another name in one inside of it, since Linux 5.12
 * (`user_namespaces(7)`, "Mappings of user 0").
 */
const TO_RENAME_ROOT = 'CAP_SETFCAP';

/** Recursive, because the kernel refuses to uncover in a user namespace what another mount covers outside. */
function readOnly(source: string, destination: string, ...more: readonly string[]): Mount {
  return { destination, type: 'bind', source, options: ['rbind', 'ro', 'nosuid', ...more] };
}

function device(name: string): Mount {
  const path = `/dev/${name}`;
  return { destination: path, type: 'bind', source: path, options: ['bind', 'nosuid', 'noexec'] };
}

/**
 * The `config.json` of a container that holds a supervisor: the same view of the machine, the same rights and the same
 * namespaces as {@link buildSupervisorArguments} gives it in bubblewrap. Written for version 1.0 of the runtime specification
 * (`opencontainers/runtime-spec:config.md`, `config-linux.md`).
 *
 * - No system-call filter and no masked paths: the supervisor sets the filter for each program, and the kernel lets it mount
 *   a new `/proc` only where nothing of this one is covered. `/proc` shows the container's own processes alone.
 * - `/dev` is a folder of the layout. Runtimes fill any other with devices, terminals and links of their own.
 * - No resources: each test joins the worker's cgroups.
 */
export function buildOciConfig(container: OciContainer): Readonly<Record<string, unknown>> {
  const { layout, mappings } = container;
  const mounts: readonly Mount[] = [
    readOnly(join(layout.rootFolder, 'dev'), '/dev', 'noexec'),
    ...layout.systemFolders.map((folder) => readOnly(folder, folder, 'nodev')),
    ...container.binds.map((bind) => readOnly(bind.source, bind.destination, 'nodev')),
    readOnly(container.supervisor, SUPERVISOR_FOLDER, 'nodev'),
    { destination: '/proc', type: 'proc', source: 'proc', options: ['nosuid', 'nodev', 'noexec'] },
    ...DEVICE_MOUNT_POINTS.map(device),
  ];
  const rights = [...SUPERVISOR_CAPABILITIES, ...(container.uid === 0 ? [TO_RENAME_ROOT] : [])];
  return {
    ociVersion: '1.0.2',
    process: {
      terminal: false,
      user: { uid: container.uid, gid: container.uid },
      args: [SUPERVISOR_PROGRAM, ...container.arguments],
      env: ['PATH=/usr/bin:/bin'],
      cwd: WORKING_FOLDER,
      // Ambient ones too: the supervisor is not the container's root, and would lose the others when it is started.
      capabilities: Object.fromEntries(
        ['bounding', 'effective', 'permitted', 'inheritable', 'ambient'].map((set) => [set, rights]),
      ),
      noNewPrivileges: true,
    },
    root: { path: layout.rootFolder, readonly: true },
    hostname: 'box',
    mounts,
    linux: {
      namespaces: NAMESPACES.map((type) => ({ type })),
      uidMappings: mappings,
      gidMappings: mappings,
      maskedPaths: [],
      readonlyPaths: [],
    },
  };
}

/**
 * Who is who in a container.
 * @param hostUid user that programs run as outside.
 * @param rootUid user outside that may stand for the container's user 0, or null where there is none to spare: an ordinary
 *   worker may map itself alone, and is then the container's user 0 where the runtime cannot do without one.
 * @throws Error for user 0 of the host.
 */
export function mapUsers(
  hostUid: number,
  rootUid: number | null,
  needsRoot: boolean,
): { readonly mappings: readonly IdMapping[]; readonly uid: number } {
  if (hostUid === 0 || rootUid === 0) throw new Error('containers never have the root of the host in them');
  if (rootUid === null && needsRoot) return { mappings: [{ containerID: 0, hostID: hostUid, size: 1 }], uid: 0 };
  const own: IdMapping = { containerID: INSIDE_UID, hostID: hostUid, size: 1 };
  const root: readonly IdMapping[] = rootUid === null ? [] : [{ containerID: 0, hostID: rootUid, size: 1 }];
  return { mappings: [...root, own], uid: INSIDE_UID };
}
