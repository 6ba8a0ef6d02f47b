import { isUtf8 } from 'node:buffer';
import { Injectable, StreamableFile } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { DomainError } from '../errors/domain-error.js';
import { FileStorage } from '../storage/file-storage.js';
import { SubmissionFileDto, type SubmissionFileListDto } from './dto/submission-file.dto.js';
import { SubmissionAccess } from './submission-access.js';
import { readArchive, type SubmissionFile } from './submission-archive.js';

/** Gives the files of a submission back, byte for byte, to whoever may see the submission. */
@Injectable()
export class SubmissionFilesService {
  constructor(
    private readonly access: SubmissionAccess,
    private readonly storage: FileStorage,
  ) {}

  async list(user: Principal, submissionId: string): Promise<SubmissionFileListDto> {
    const files = await this.filesOf(user, submissionId);
    return { items: files.map((file) => SubmissionFileDto.from(file)), nextCursor: null };
  }

  /**
   * One file, to be saved and never shown: what a student wrote must not run as a page of this origin.
   *
   * @param path as in the list
   */
  async get(user: Principal, submissionId: string, path: string): Promise<StreamableFile> {
    const files = await this.filesOf(user, submissionId);
    const file = files.find((one) => one.path === path);
    if (file === undefined) throw DomainError.notFound('file');
    const isText = isUtf8(file.content) && !file.content.includes(0);
    return new StreamableFile(file.content, {
      type: isText ? 'text/plain; charset=utf-8' : 'application/octet-stream',
      disposition: attachment(file.path),
      length: file.content.length,
    });
  }

  private async filesOf(user: Principal, submissionId: string): Promise<SubmissionFile[]> {
    const { submission } = await this.access.getVisible(user, submissionId);
    return readArchive(await this.storage.get(submission.filesKey));
  }
}

/** `Content-Disposition` (RFC 6266) with the last name of a path: plain for old programs, exact in RFC 8187's encoding. */
function attachment(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const plain = name.replace(/[^\w .()+,-]/g, '_');
  const exact = encodeURIComponent(name).replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${exact}`;
}
