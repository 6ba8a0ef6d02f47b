import type { RestClient } from './rest-client.mjs';

export interface DemoAccount {
  readonly email: string;
  readonly name: string;
  readonly password: string;
}

/** Types for the tests; what these do stands in `demo-accounts.mjs`. */
export function demoAccounts(file: string): Promise<Record<'admin' | 'instructor' | 'student', DemoAccount>>;
export function signIn(client: RestClient, account: DemoAccount): Promise<{ user: { id: string }; client: RestClient }>;
