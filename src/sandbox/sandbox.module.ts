import { type DynamicModule, Module } from '@nestjs/common';

import { BubblewrapSandbox, type BubblewrapSandboxOptions } from './bubblewrap-sandbox.js';
import { Sandbox } from './sandbox.js';

/** Provides {@link Sandbox}; for the worker, the only one that may run programs. */
@Module({})
export class SandboxModule {
  static register(options: BubblewrapSandboxOptions): DynamicModule {
    return {
      module: SandboxModule,
      providers: [{ provide: Sandbox, useFactory: () => new BubblewrapSandbox(options) }],
      exports: [Sandbox],
    };
  }
}
