import { type DynamicModule, Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Environment } from '../config/env.js';
import { DataSource } from 'typeorm';
import { boundAnswerTimes } from './answer-times.js';
import { dataSourceOptions } from './data-source.js';
import { boundLockWaits } from './lock-waits.js';
import { Transactions } from './transactions.js';

/** The data source, with the entities of all imported features, and the one door for writes. */
@Global()
@Module({})
export class DatabaseModule {
  static forRoot(choices: { readonly guardWrites?: boolean } = {}): DynamicModule {
    return {
      module: DatabaseModule,
      imports: [
        TypeOrmModule.forRootAsync({
          inject: [Environment],
          useFactory: (environment: Environment) => ({
            ...dataSourceOptions(environment, [], choices),
            autoLoadEntities: true,
            // Nest would try ten times, three seconds apart, and print a stack each time; the process says it once.
            retryAttempts: 0,
          }),
          dataSourceFactory: async (options) => {
            if (options === undefined) throw new Error('The data source has no options.');
            const dataSource = await new DataSource(options).initialize();
            await boundLockWaits(dataSource);
            boundAnswerTimes(dataSource);
            return dataSource;
          },
        }),
      ],
      providers: [Transactions],
      exports: [Transactions],
    };
  }
}
