/** Who asks, as their access token says and as was checked when the request came in. */
export interface Principal {
  readonly userId: string;
  readonly role: 'admin' | 'instructor' | 'student';
}
