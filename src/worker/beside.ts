import { DomainError } from '../errors/domain-error.js';
import type { GradingDocument, GradingService } from '../grading/grading-document.js';
import type { Sandbox, SandboxFile, SandboxSession, SandboxSpec } from '../sandbox/sandbox.js';
import type { RunningService, Services } from '../sandbox/services/services.js';
import { GradingFault } from './grading-fault.js';

/**
 * Opens a sandbox. One that cannot have a shared network never will here, so that waiting for it would be in vain.
 *
 * @throws GradingFault in that case.
 */
export async function openSandbox(sandbox: Sandbox, spec: SandboxSpec): Promise<SandboxSession> {
  try {
    return await sandbox.open(spec);
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'shared_network_unavailable') throw error;
    const reason = error.cause instanceof Error ? error.cause.message : error.message;
    throw new GradingFault(`Programs cannot run beside each other here: ${reason}.`, { cause: error });
  }
}

/**
 * Starts the services of a document and fills them from the instructor's files.
 *
 * @returns the session, in which programs find them in their environment.
 * @throws ServiceError when one is not to be had: our fault, or the assignment's.
 */
export async function withServices(
  session: SandboxSession,
  { services: asked = [] }: Pick<GradingDocument, 'services'>,
  files: readonly SandboxFile[],
  services: Services,
  signal: AbortSignal,
): Promise<SandboxSession> {
  if (asked.length === 0) return session;
  const start = ({ name, seed }: GradingService): Promise<RunningService> => {
    const seeds = seed.flatMap((path) => files.find((file) => file.path === path)?.content ?? []);
    return services.start(session, name, { seeds, signal });
  };
  const running = await Promise.all(asked.map(start));
  const environment = Object.fromEntries(running.flatMap((one) => Object.entries(one.environment)));
  return new SessionWithEnvironment(session, environment);
}

/** Passes everything on, with more in the environment of every program. */
class SessionWithEnvironment implements SandboxSession {
  constructor(
    private readonly session: SandboxSession,
    private readonly environment: Readonly<Record<string, string>>,
  ) {}

  rememberFiles: SandboxSession['rememberFiles'] = (...given) => this.session.rememberFiles(...given);

  put: SandboxSession['put'] = (files) => this.session.put(files);

  run: SandboxSession['run'] = (step) =>
    this.session.run({ ...step, environment: { ...this.environment, ...step.environment } });

  start: SandboxSession['start'] = (program) =>
    this.session.start({ ...program, environment: { ...this.environment, ...program.environment } });

  connect: SandboxSession['connect'] = (port) => this.session.connect(port);

  close: SandboxSession['close'] = () => this.session.close();
}
