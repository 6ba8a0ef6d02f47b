import {
  Global,
  Injectable,
  Logger,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { IdempotencyKey } from './idempotency-key.entity.js';
import { Idempotency } from './idempotency.js';

const SWEEP_MS = 10 * 60_000;

@Injectable()
class IdempotencySweeper implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(IdempotencySweeper.name);
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly idempotency: Idempotency) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.idempotency
        .sweep()
        .catch((error: unknown) => this.logger.warn({ err: error }, 'Old idempotency keys could not be swept'));
    }, SWEEP_MS);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }
}

/** What every creating route needs; global, since all features have one. */
@Global()
@Module({
  imports: [TypeOrmModule.forFeature([IdempotencyKey])],
  providers: [Idempotency, IdempotencySweeper],
  exports: [Idempotency],
})
export class HttpModule {}
