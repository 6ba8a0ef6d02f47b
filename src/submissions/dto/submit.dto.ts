import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMinSize, IsArray, IsIn, IsString, ValidateNested } from 'class-validator';
import { IfPresent } from '../../http/if-present.decorator.js';
import { MaxLength } from '../../http/text.decorators.js';

const ENCODINGS = ['utf8', 'base64'] as const;

/** One file that is handed in. */
export class SubmittedFileDto {
  /**
   * Where it lies in the submission: a relative path with `/` between folders, at most 10 names deep, each of at most 255
   * bytes.
   * @example "main.py"
   */
  @IsString()
  @MaxLength(1_024)
  path: string;

  /**
   * What it holds, as `encoding` says. It is kept byte for byte.
   * @example "print(sum(map(int, input().split())))\n"
   */
  @IsString()
  content: string;

  /**
   * `utf8`: `content` is the text itself. `base64`: `content` is base64 (RFC 4648, section 4) of the bytes.
   * @example "utf8"
   */
  @ApiProperty({ enum: ENCODINGS, default: 'utf8', required: false })
  @IfPresent()
  @IsIn(ENCODINGS)
  encoding?: 'utf8' | 'base64';
}

/** What is handed in. */
export class SubmitDto {
  /**
   * The files, up to 500, with 50 MiB in all. A single `.zip` or `.tar.gz` is unpacked as it is; no folder is stripped.
   * @example [{"path": "main.py", "content": "print(sum(map(int, input().split())))\n"}]
   */
  @IsArray()
  @ArrayMinSize(1, { message: 'files must hold at least one file' })
  @ValidateNested({ each: true })
  @Type(() => SubmittedFileDto)
  files: SubmittedFileDto[];

  /**
   * The runtime to use, where the assignment lets students choose.
   * @example "python"
   */
  @IfPresent()
  @IsString()
  @MaxLength(40)
  runtime?: string;
}
