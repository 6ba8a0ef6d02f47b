import { Module } from '@nestjs/common';
import { FileStorage } from './file-storage.js';
import { FolderStorage } from './folder-storage.js';

/** The storage of submission files that `STORAGE_URL` names; a folder is the only kind so far. */
@Module({
  providers: [{ provide: FileStorage, useClass: FolderStorage }],
  exports: [FileStorage],
})
export class StorageModule {}
