import { Module } from '@nestjs/common';
import { FreshFiles } from './fresh-files.js';

/** One hand-over for both sides of a process that takes submissions in and grades them. */
@Module({ providers: [FreshFiles], exports: [FreshFiles] })
export class FreshFilesModule {}
