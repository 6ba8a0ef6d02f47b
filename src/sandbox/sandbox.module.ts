import { type DynamicModule, Module } from '@nestjs/common';

import { BubblewrapSandbox, type BubblewrapSandboxOptions } from './bubblewrap-sandbox.js';
import { RenewableSandbox } from './renewable-sandbox.js';
import { Sandbox } from './sandbox.js';
import { Services } from './services/services.js';

/** Provides {@link Sandbox}; for the worker, the only one that may run programs. {@link RenewableSandbox} is the same one. */
@Module({})
export class SandboxModule {
  static register(options: BubblewrapSandboxOptions): DynamicModule {
    return {
      module: SandboxModule,
      providers: [
        {
          provide: RenewableSandbox,
          useFactory: () => new RenewableSandbox(() => new BubblewrapSandbox(options)),
        },
        { provide: Sandbox, useExisting: RenewableSandbox },
        { provide: Services, useFactory: (sandbox: Sandbox) => new Services(sandbox), inject: [Sandbox] },
      ],
      exports: [RenewableSandbox, Sandbox, Services],
    };
  }
}
