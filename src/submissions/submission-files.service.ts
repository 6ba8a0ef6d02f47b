import type { Readable } from 'node:stream';
import { Injectable, StreamableFile } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { DomainError } from '../errors/domain-error.js';
import { FileStorage } from '../storage/file-storage.js';
import { SubmissionFileDto, type SubmissionFileListDto } from './dto/submission-file.dto.js';
import { SubmissionAccess } from './submission-access.js';
import { listArchive, openFile } from './submission-archive.js';

/** Gives the files of a submission back, byte for byte, to whoever may see the submission. */
@Injectable()
export class SubmissionFilesService {
  constructor(
    private readonly access: SubmissionAccess,
    private readonly storage: FileStorage,
  ) {}

  async list(user: Principal, submissionId: string): Promise<SubmissionFileListDto> {
    const files = await listArchive(await this.open(user, submissionId));
    return { items: files.map((file) => SubmissionFileDto.from(file)), nextCursor: null };
  }

  /**
   * One file, to be saved and never shown: what a student wrote must not run as a page of this origin.
   *
   * @param path as in the list
   */
  async get(user: Principal, submissionId: string, path: string): Promise<StreamableFile> {
    const file = await openFile(await this.open(user, submissionId), path);
    if (file === null) throw DomainError.notFound('file');
    return new StreamableFile(file.content, {
      type: looksLikeText(file.beginning) ? 'text/plain; charset=utf-8' : 'application/octet-stream',
      disposition: attachment(file.path),
      length: file.size,
    });
  }

  /** As a stream: a submission has up to 50 MiB, and whoever may read it may do so many times at once. */
  private async open(user: Principal, submissionId: string): Promise<Readable> {
    const { submission } = await this.access.getVisible(user, submissionId);
    return this.storage.open(submission.filesKey);
  }
}

/** By its beginning, which may end within a character. */
function looksLikeText(beginning: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(beginning, { stream: true });
    return !beginning.includes(0);
  } catch {
    // The only fault that a decoder can have is the one that it was made fatal for.
    return false;
  }
}

/** `Content-Disposition` (RFC 6266) with the last name of a path: plain for old programs, exact in RFC 8187's encoding. */
function attachment(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const plain = name.replace(/[^\w .()+,-]/g, '_');
  const exact = encodeURIComponent(name).replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${exact}`;
}
