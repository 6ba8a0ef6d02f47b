import type { TestResponse, TestUser } from '../test-app.js';
import type { AccessLine } from './access-matrix.js';
import type { AccessWorld, Ids } from './access-world.js';
import type { ApiDocument } from './api-document.js';
import { RECIPES, type Recipe } from './recipes.js';

/** An id that nothing has. */
const NOTHING = '01900000-0000-7000-8000-000000000000';

/** Sends the requests of one line of the matrix. */
export class LineRequests {
  private readonly recipe: Recipe;
  private prepared: Ids = {};

  constructor(
    private readonly world: AccessWorld,
    private readonly api: ApiDocument,
    private readonly line: AccessLine,
  ) {
    this.recipe = RECIPES[line.route] ?? {};
  }

  /** Makes again what the line takes away, where it takes something away. */
  async prepare(): Promise<void> {
    this.prepared = (await this.recipe.prepare?.(this.world)) ?? {};
  }

  /** As this person, or with this token of theirs; without either, anonymously. */
  async ask(by: TestUser | null, token = by?.token, method = this.line.method): Promise<TestResponse<unknown>> {
    const renewed = this.recipe.endsSessions === true && by !== null && token === by.token;
    const current = renewed ? (await this.world.app.signIn(by.email, by.password)).token : token;
    return this.request(this.pathWith(this.ids()), current, method, await this.body(by));
  }

  /** With this token and this body, whatever it is. */
  async send(token: string, body: string): Promise<TestResponse<unknown>> {
    return this.world.app.request(this.line.method, this.pathWith(this.ids()), {
      token,
      body,
      headers: { 'content-type': 'application/json', ...this.recipe.headers },
    });
  }

  /** The same with ids that nothing has, if the path has ids. */
  async askForNothing(by: TestUser): Promise<TestResponse<unknown> | null> {
    const names = Object.keys(this.ids()).filter((name) => name !== 'path');
    const path = this.pathWith({ ...this.ids(), ...Object.fromEntries(names.map((name) => [name, NOTHING])) });
    if (path === this.pathWith(this.ids())) return null;
    const { token } = this.recipe.endsSessions === true ? await this.world.app.signIn(by.email, by.password) : by;
    return this.request(path, token, this.line.method, await this.body(by));
  }

  private request(
    path: string,
    token: string | undefined,
    method: string,
    body: object | undefined,
  ): Promise<TestResponse<unknown>> {
    return this.world.app.request(method, path, {
      headers: this.recipe.headers ?? {},
      ...(token === undefined ? {} : { token }),
      ...(body === undefined || method === 'HEAD' ? {} : { body }),
    });
  }

  private ids(): Ids {
    const { ids, draftIds } = this.world;
    return { ...ids, ...this.recipe.ids?.(this.world), ...(this.line.isDraft ? draftIds : {}), ...this.prepared };
  }

  private pathWith(ids: Ids): string {
    return this.line.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
      const id = ids[name];
      if (id !== undefined && id !== '') return id;
      throw new Error(
        `No id for {${name}} of ${this.line.route}: add "${name}" to the ids in test/support/access/access-world.ts, ` +
          'or to the recipe of the route in test/support/access/recipes.ts.',
      );
    });
  }

  /** What the route is ordinarily sent; undefined where it takes no body. */
  async body(by: TestUser | null): Promise<object | undefined> {
    if (this.recipe.body !== undefined) return this.recipe.body(this.world, by);
    const schema = this.api.routes.find(({ route }) => route === this.line.route)?.body;
    return schema === undefined ? undefined : this.api.exampleOf(schema);
  }
}
