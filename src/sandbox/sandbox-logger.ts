/** Told what concerns the operator: how loud, and one sentence. */
export type SandboxLogger = (level: 'info' | 'warn' | 'error', message: string) => void;
