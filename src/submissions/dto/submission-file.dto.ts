import type { SubmissionFileHead } from '../submission-archive.js';

/** One file of a submission. */
export class SubmissionFileDto {
  /**
   * Its path in the submission; `GET …/files/{path}` gives its content.
   * @example "src/main.py"
   */
  path: string;

  /**
   * Its size in bytes.
   * @example 38
   */
  size: number;

  static from({ path, size }: SubmissionFileHead): SubmissionFileDto {
    return { path, size };
  }
}

/** The files of a submission; there are at most 500, so that they come on one page. */
export class SubmissionFileListDto {
  /** The files, in order of their paths. */
  items: SubmissionFileDto[];

  /**
   * Always null: there is no further page.
   * @example null
   */
  nextCursor: string | null;
}
